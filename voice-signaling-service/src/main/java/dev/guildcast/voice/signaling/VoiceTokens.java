package dev.guildcast.voice.signaling;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.allocation.VoiceToken;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;

/// Mints a new token for each time a session is sent to a server.
final class VoiceTokens {
    private static final int TOKEN_BYTES = 48;

    private final Clock clock;
    private final Duration ttl;
    private final SecureRandom random = new SecureRandom();

    VoiceTokens(Clock clock, Duration ttl) {
        this.clock = clock;
        this.ttl = ttl;
    }

    String mint(VoiceServer server, VoiceState state) {
        var binding =
                new VoiceToken.Binding(state.user(), state.sessionId(), state.guild(), state.channel(), server.id());
        return VoiceToken.mint(server.tokenKey(), binding, clock.instant().plus(ttl), random.nextLong());
    }

    /// One that opens nothing: clients want a text even when there is no server to open.
    String closed() {
        var bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
