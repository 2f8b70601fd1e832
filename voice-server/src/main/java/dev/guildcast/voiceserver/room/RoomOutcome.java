package dev.guildcast.voiceserver.room;

/// The outcome of a room command.
public enum RoomOutcome {
    DONE,
    /// The room is or was here under a higher epoch: the caller has been superseded.
    FENCED,
    /// The room is not here under this epoch; open it first.
    NOT_OPEN,
    /// The user is not in the room.
    NOT_JOINED,
    /// This server has as many rooms as it may.
    ROOMS_FULL,
    /// The room has as many users as it may.
    ROOM_FULL,
    /// This server has as many participants, and so keys, as it may.
    SERVER_FULL,
    /// More streams than a participant may have.
    STREAMS_FULL,
    /// Another stream on this server has the SSRC; choose another.
    SSRC_TAKEN,
    /// Too many commands wait for the media loop; retry later, or on another server.
    BUSY,
    /// The media loop has ended.
    CLOSED
}
