package dev.guildcast.session.link;

import dev.guildcast.link.v1.HostMessage;

/// The way to one gateway. Safe for use from any thread; never blocks.
interface LinkStream {
    /// Whether more can be sent without queueing beyond the transport's own bound.
    boolean isReady();

    /// Sends in the order of the calls; nothing happens once the stream has ended.
    void send(HostMessage message);
}
