package dev.guildcast.voice.media;

/// What became of an order to a voice server.
public enum MediaOutcome {
    DONE,
    /// The room is or was there under a higher epoch: the guild has been assigned anew.
    FENCED,
    /// Another stream on the server has the SSRC.
    SSRC_TAKEN,
    /// A bound is reached, at the server or here.
    FULL,
    /// Refused for any other reason; the order was wrong.
    REFUSED,
    /// The server died, or has no open stream.
    LOST
}
