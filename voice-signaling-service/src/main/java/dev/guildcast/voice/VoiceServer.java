package dev.guildcast.voice;

/// A media node.
///
/// @param endpoint host[:port] of its voice gateway, no scheme
/// @param tokenKey key of the tokens it checks, base64url; a secret
public record VoiceServer(String id, String region, String endpoint, String tokenKey) {
    /// Without the key.
    @Override
    public String toString() {
        return "voice server " + id + " in " + region;
    }
}
