package dev.guildcast.session.stream;

import dev.guildcast.link.v1.DispatchBatch;
import dev.guildcast.link.v1.HostMessage;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The link to one gateway, shared by the shards of this host, with its flow control.
///
/// - **Owner:** shared by all loops of this host and the stream's own threads.
/// - **Bound:** nothing is queued here. Dispatches are pushed while the transport is ready and credit remains; replies
///   are bounded by the requests that the endpoint has accepted.
/// - **Promise:** a shard that found the link full is called once it is writable again.
public final class GatewayLink {
    private final LinkTransport transport;
    private final LinkCredit credit = new LinkCredit();
    private final Set<WritableListener> writableListeners = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile Duration hold = Duration.ZERO;

    public GatewayLink(LinkTransport transport) {
        this.transport = transport;
    }

    /// Whether dispatches may be pushed now.
    public boolean canPush() {
        return !closed && credit.available() && transport.isReady();
    }

    /// How long the gateway may keep a connection, after the stream has ended, before it has attached it again or asked
    /// it to reconnect.
    public Duration hold() {
        return hold;
    }

    /// As stated by the gateway, before any of its connections attaches.
    public void stateHold(Duration stated) {
        hold = stated;
    }

    public boolean isClosed() {
        return closed;
    }

    public void send(HostMessage message) {
        if (!closed) {
            transport.send(message);
        }
    }

    public void push(DispatchBatch batch) {
        credit.charge(batch.getCharge());
        send(HostMessage.newBuilder().setBatch(batch).build());
    }

    /// Calls back once when the link can accept more, immediately if it already can.
    public void callWhenWritable(WritableListener listener) {
        writableListeners.add(listener);
        if (canPush()) {
            onWritable();
        }
    }

    /// The transport accepts more.
    public void onWritable() {
        for (var listener : writableListeners) {
            if (writableListeners.remove(listener)) {
                listener.offerPump(this);
            }
        }
    }

    public void onCredit(long bytes) {
        credit.grant(bytes);
        if (canPush()) {
            onWritable();
        }
    }

    /// The stream has ended. From any thread.
    public void onClosed() {
        closed = true;
        writableListeners.clear();
    }

    /// Waits for the link to become writable. Called from any thread; must not block.
    public interface WritableListener {
        void offerPump(GatewayLink link);
    }
}
