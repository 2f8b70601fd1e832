package dev.guildcast.voiceserver.limit;

/// What the loop gives up. Voice is never given up.
public enum LoadLevel {
    NORMAL,
    /// Video is dropped.
    WITHOUT_VIDEO,
    /// Video and the sound of shared screens are dropped.
    VOICE_ONLY
}
