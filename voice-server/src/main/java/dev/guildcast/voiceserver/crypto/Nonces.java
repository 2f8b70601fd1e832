package dev.guildcast.voiceserver.crypto;

/// The nonces of one sender under one key, each given out once.
public interface Nonces {
    /// Whether none is left. What is sent from then on needs another key.
    boolean exhausted();

    /// @throws IllegalStateException if they are exhausted
    int next();
}
