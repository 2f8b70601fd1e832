package dev.guildcast.voiceserver.room;

/// What a stream carries, in the order in which it is worth keeping.
public enum StreamKind {
    /// A microphone.
    VOICE,
    /// What a shared screen sounds like.
    SCREEN_SOUND,
    /// A camera or a shared screen.
    VIDEO,
    /// Packets of a video sent again.
    RETRANSMISSION;

    public boolean isSound() {
        return this == VOICE || this == SCREEN_SOUND;
    }
}
