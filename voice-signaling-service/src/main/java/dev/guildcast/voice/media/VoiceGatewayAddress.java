package dev.guildcast.voice.media;

import java.util.function.Supplier;

/// The voice gateway of this instance, for what is handed out to clients.
///
/// @param bound host:port without a scheme; known when the gateway listens
/// @param tokenKey with which it verifies tokens, base64url of 32 bytes; a secret
public record VoiceGatewayAddress(Supplier<String> bound, String tokenKey) {
    String endpoint() {
        return bound.get();
    }

    /// Without the key.
    @Override
    public String toString() {
        return "voice gateway";
    }
}
