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
    void opensForExactlyWhatItIsBoundTo() {
        assertThat(opens(BINDING)).isTrue();
        assertThat(opens(new Binding(9, "sess", 2, 3, "media-1"))).isFalse();
        assertThat(opens(new Binding(1, "other", 2, 3, "media-1"))).isFalse();
        assertThat(opens(new Binding(1, "sess", 9, 3, "media-1"))).isFalse();
        assertThat(opens(new Binding(1, "sess", 2, 9, "media-1"))).isFalse();
        assertThat(opens(new Binding(1, "sess", 2, 3, "media-2"))).isFalse();
        assertThat(VoiceToken.opens(OTHER_KEY, token, BINDING, NOW)).isFalse();
    }

    @Test
    void expires() {
        assertThat(VoiceToken.opens(KEY, token, BINDING, NOW.plusSeconds(59))).isTrue();
        assertThat(VoiceToken.opens(KEY, token, BINDING, NOW.plusSeconds(60))).isFalse();
    }

    @Test
    void refusesWhatIsNoToken() {
        assertThat(VoiceToken.opens(KEY, "", BINDING, NOW)).isFalse();
        assertThat(VoiceToken.opens(KEY, "%%%", BINDING, NOW)).isFalse();
        assertThat(VoiceToken.opens(KEY, token.substring(1), BINDING, NOW)).isFalse();
        char last = token.charAt(30);
        String forged = token.substring(0, 30) + (last == 'A' ? 'B' : 'A') + token.substring(31);
        assertThat(VoiceToken.opens(KEY, forged, BINDING, NOW)).isFalse();
    }

    @Test
    void isAnotherOneEachTimeAndNamesNobody() {
        assertThat(VoiceToken.mint(KEY, BINDING, NOW.plusSeconds(60), 8)).isNotEqualTo(token);
        assertThat(token).matches("[A-Za-z0-9_-]{64}");
    }

    @Test
    void knowsAKey() {
        assertThat(VoiceToken.isKey(KEY)).isTrue();
        assertThat(VoiceToken.isKey("")).isFalse();
        assertThat(VoiceToken.isKey("short")).isFalse();
        assertThat(VoiceToken.isKey("*".repeat(43))).isFalse();
    }

    private boolean opens(Binding binding) {
        return VoiceToken.opens(KEY, token, binding, NOW);
    }
}
