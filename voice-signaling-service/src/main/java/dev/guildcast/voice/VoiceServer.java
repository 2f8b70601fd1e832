package dev.guildcast.voice;

/// A media node.
///
/// @param endpoint host[:port] of its voice gateway, without a scheme
/// @param tokenKey key with which it verifies tokens, base64url; a secret
public record VoiceServer(String id, String region, String endpoint, String tokenKey) {
    /// Without the key.
    @Override
    public String toString() {
        return "voice server " + id + " in " + region;
    }
}
