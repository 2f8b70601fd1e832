package dev.guildcast.session.link;

import dev.guildcast.link.v1.DispatchBatch;
import dev.guildcast.link.v1.HostMessage;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// One gateway's stream, as the shards of this host use it.
///
/// - **Owner:** shared by all loops of this host and the stream's own threads.
/// - **Bound:** nothing is queued here. Dispatches are pushed while the transport takes them and credit remains;
///   answers are bounded by the questions that the endpoint has taken in.
/// - **Promise:** a shard that found the link full is called once it is worth trying again.
final class GatewayLink {
    private final LinkStream stream;
    private final LinkCredit credit = new LinkCredit();
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    GatewayLink(LinkStream stream) {
        this.stream = stream;
    }

    /// Whether dispatches may be pushed now.
    boolean canPush() {
        return !closed && credit.available() && stream.isReady();
    }

    boolean isClosed() {
        return closed;
    }

    void send(HostMessage message) {
        if (!closed) {
            stream.send(message);
        }
    }

    void push(DispatchBatch batch) {
        credit.charge(batch.getCharge());
        send(HostMessage.newBuilder().setBatch(batch).build());
    }

    /// Calls `shard` when the link can take more, at once if it can already.
    void callWhenWritable(Waiting shard) {
        waiting.add(shard);
        if (canPush()) {
            onWritable();
        }
    }

    /// The transport takes more.
    void onWritable() {
        for (var shard : waiting) {
            if (waiting.remove(shard)) {
                shard.offerPump(this);
            }
        }
    }

    void onCredit(long bytes) {
        credit.give(bytes);
        if (canPush()) {
            onWritable();
        }
    }

    /// The stream has ended. From any thread.
    void onClosed() {
        closed = true;
        waiting.clear();
    }

    /// Who waits for the link. Called from any thread; never blocks.
    interface Waiting {
        void offerPump(GatewayLink link);
    }
}
