package dev.guildcast.session.push;

import dev.guildcast.session.stream.ConnectionKey;
import dev.guildcast.session.stream.GatewayLink;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which connection holds which session of one shard on this host, and which Attached and Close records are in flight:
/// appended by this host and not applied yet.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the shard's sessions.
/// - **Promise:** a session has at most one holder. A record in flight is removed only when it has been applied.
public final class AttachTable {
    private final Map<Long, AttachedSession> holders = new HashMap<>();
    private final Map<ConnectionKey, AttachedSession> byConnection = new HashMap<>();
    private final Map<Long, Long> attachesInFlight = new HashMap<>();
    private final Set<Long> closesInFlight = new HashSet<>();
    private final Set<Long> released = new HashSet<>();

    public @Nullable AttachedSession holder(long session) {
        return holders.get(session);
    }

    /// The holder with this connection.
    public @Nullable AttachedSession holder(GatewayLink link, long handle) {
        return byConnection.get(new ConnectionKey(link, handle));
    }

    public void put(AttachedSession holder) {
        remove(holder.session().offset());
        holders.put(holder.session().offset(), holder);
        byConnection.put(new ConnectionKey(holder.link(), holder.handle()), holder);
        released.remove(holder.session().offset());
    }

    public @Nullable AttachedSession remove(long session) {
        var holder = holders.remove(session);
        if (holder != null) {
            byConnection.remove(new ConnectionKey(holder.link(), holder.handle()), holder);
        }
        return holder;
    }

    boolean holds(AttachedSession holder) {
        return holders.get(holder.session().offset()) == holder;
    }

    public Collection<AttachedSession> holders() {
        return holders.values();
    }

    /// Removes every holder of a link.
    public List<AttachedSession> removeAll(GatewayLink link) {
        var removed = new ArrayList<AttachedSession>();
        holders.values().removeIf(holder -> holder.link() == link && removed.add(holder));
        byConnection.values().removeIf(holder -> holder.link() == link);
        return removed;
    }

    public void removeAll() {
        holders.clear();
        byConnection.clear();
    }

    /// This host has appended an Attached.
    public void attachAppended(long session, long attachId) {
        attachesInFlight.put(session, attachId);
        released.remove(session);
    }

    /// Whether an Attached of this host with another attach id is in flight.
    public boolean isOtherAttachInFlight(long session, long attachId) {
        var inFlight = attachesInFlight.get(session);
        return inFlight != null && inFlight != attachId;
    }

    /// An Attached of this host was applied.
    public void attachApplied(long session, long attachId) {
        attachesInFlight.remove(session, attachId);
    }

    public boolean isAttachInFlight(long session, long attachId) {
        var inFlight = attachesInFlight.get(session);
        return inFlight != null && inFlight == attachId;
    }

    /// This host has appended a Close.
    public void closeAppended(long session) {
        closesInFlight.add(session);
    }

    public boolean isCloseInFlight(long session) {
        return closesInFlight.contains(session);
    }

    public void closeApplied(long session) {
        closesInFlight.remove(session);
    }

    /// The connection of the session's current attach is known to have ended.
    public void markReleased(long session) {
        released.add(session);
    }

    public boolean isReleased(long session) {
        return released.contains(session);
    }

    /// Another connection may hold the session now, or it has ended.
    public void clearReleased(long session) {
        released.remove(session);
    }

    public void forget(long session) {
        attachesInFlight.remove(session);
        released.remove(session);
    }
}
