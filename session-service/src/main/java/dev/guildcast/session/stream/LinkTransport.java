package dev.guildcast.session.stream;

import dev.guildcast.link.v1.HostMessage;

/// The transport to one gateway. Safe for use from any thread; never blocks.
public interface LinkTransport {
    /// Whether more can be sent without exceeding the transport's own buffer.
    boolean isReady();

    /// Sends in the order of the calls; does nothing once the stream has ended.
    void send(HostMessage message);
}
