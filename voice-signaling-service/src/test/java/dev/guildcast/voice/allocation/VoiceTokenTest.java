package dev.guildcast.voice.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voice.allocation.VoiceToken.Binding;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class VoiceTokenTest {
    private static final String KEY = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
    private static final String OTHER_KEY = "A" + "B".repeat(41) + "A";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Binding BINDING = new Binding(1, "sess", 2, 3, "media-1");

    private final String token = VoiceToken.mint(KEY, BINDING, NOW.plusSeconds(60), 7);

    @Test
    void verifiesOnlyForItsBinding() {
        assertThat(verify(BINDING)).isTrue();
        assertThat(verify(new Binding(9, "sess", 2, 3, "media-1"))).isFalse();
        assertThat(verify(new Binding(1, "other", 2, 3, "media-1"))).isFalse();
        assertThat(verify(new Binding(1, "sess", 9, 3, "media-1"))).isFalse();
        assertThat(verify(new Binding(1, "sess", 2, 9, "media-1"))).isFalse();
        assertThat(verify(new Binding(1, "sess", 2, 3, "media-2"))).isFalse();
        assertThat(VoiceToken.verify(OTHER_KEY, token, BINDING, NOW)).isFalse();
    }

    @Test
    void expires() {
        assertThat(VoiceToken.verify(KEY, token, BINDING, NOW.plusSeconds(59))).isTrue();
        assertThat(VoiceToken.verify(KEY, token, BINDING, NOW.plusSeconds(60))).isFalse();
    }

    @Test
    void rejectsMalformedAndForgedTokens() {
        assertThat(VoiceToken.verify(KEY, "", BINDING, NOW)).isFalse();
        assertThat(VoiceToken.verify(KEY, "%%%", BINDING, NOW)).isFalse();
        assertThat(VoiceToken.verify(KEY, token.substring(1), BINDING, NOW)).isFalse();
        char last = token.charAt(30);
        String forged = token.substring(0, 30) + (last == 'A' ? 'B' : 'A') + token.substring(31);
        assertThat(VoiceToken.verify(KEY, forged, BINDING, NOW)).isFalse();
    }

    @Test
    void differsEachTimeAndNamesNobody() {
        assertThat(VoiceToken.mint(KEY, BINDING, NOW.plusSeconds(60), 8)).isNotEqualTo(token);
        assertThat(token).matches("[A-Za-z0-9_-]{64}");
    }

    @Test
    void recognizesAValidKey() {
        assertThat(VoiceToken.isValidKey(KEY)).isTrue();
        assertThat(VoiceToken.isValidKey("")).isFalse();
        assertThat(VoiceToken.isValidKey("short")).isFalse();
        assertThat(VoiceToken.isValidKey("*".repeat(43))).isFalse();
    }

    private boolean verify(Binding binding) {
        return VoiceToken.verify(KEY, token, binding, NOW);
    }
}
