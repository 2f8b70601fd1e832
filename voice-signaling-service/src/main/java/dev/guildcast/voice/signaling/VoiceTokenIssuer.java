package dev.guildcast.voice.signaling;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.allocation.VoiceToken;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;

/// Issues a new token each time a session is sent to a server.
final class VoiceTokenIssuer {
    /// As long as a valid token, so that clients cannot tell the two apart.
    private static final int TOKEN_BYTES = 48;

    private final Clock clock;
    private final Duration ttl;
    private final SecureRandom random = new SecureRandom();

    VoiceTokenIssuer(Clock clock, Duration ttl) {
        this.clock = clock;
        this.ttl = ttl;
    }

    String issue(VoiceServer server, VoiceState state) {
        var binding = new VoiceToken.Binding(
                state.user(), state.sessionId(), state.guild(), state.channel(), server.verifier());
        return VoiceToken.mint(server.tokenKey(), binding, clock.instant().plus(ttl), random.nextLong());
    }

    /// A random token that no server accepts: clients require one even without an endpoint.
    String unusable() {
        var bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
