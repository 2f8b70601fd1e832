package dev.guildcast.voice.media;

import dev.guildcast.voice.v1.MediaOrder;

/// A stream to one voice server. Never blocks.
public interface MediaLink {
    /// Without effect when the stream has ended.
    void send(MediaOrder order);

    /// @param reason for the log of the server
    void end(String reason);
}
