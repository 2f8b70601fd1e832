package dev.guildcast.voiceserver.control;

/// Where media arrives.
public interface MediaPort {
    /// The UDP port that was bound.
    int localPort();
}
