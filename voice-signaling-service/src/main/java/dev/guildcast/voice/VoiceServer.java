package dev.guildcast.voice;

/// A media node.
///
/// @param endpoint host[:port] of the voice gateway that its clients connect to, without a scheme
/// @param tokenKey key with which that voice gateway verifies tokens, base64url; a secret
/// @param mediaOnly whether a voice-signaling instance is its voice gateway, rather than the server itself
public record VoiceServer(String id, String region, String endpoint, String tokenKey, boolean mediaOnly) {
    /// A server with a voice gateway of its own.
    public VoiceServer(String id, String region, String endpoint, String tokenKey) {
        this(id, region, endpoint, tokenKey, false);
    }

    /// Who verifies the tokens: the server itself, or the voice gateway that serves several. A token for the gateway
    /// stays valid when a guild moves from one of its servers to another, because clients race with that.
    public String verifier() {
        return mediaOnly ? endpoint : id;
    }

    /// Without the key.
    @Override
    public String toString() {
        return "voice server " + id + " in " + region;
    }
}
