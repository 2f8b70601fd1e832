package dev.guildcast.session.link;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who holds which session of one shard on this host, and what is on its way into the log about it.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the shard's sessions.
/// - **Promise:** one holder a session. What is in flight is forgotten only when it has been applied.
final class AttachTable {
    private final Map<Long, AttachedSession> holders = new HashMap<>();
    private final Map<Question.Asker, AttachedSession> byAsker = new HashMap<>();
    private final Map<Long, Long> attaching = new HashMap<>();
    private final Set<Long> closing = new HashSet<>();
    private final Set<Long> released = new HashSet<>();

    @Nullable
    AttachedSession holder(long session) {
        return holders.get(session);
    }

    /// The holder whose connection this is.
    @Nullable
    AttachedSession holder(GatewayLink link, long handle) {
        return byAsker.get(new Question.Asker(link, handle));
    }

    void hold(AttachedSession holder) {
        drop(holder.session.offset());
        holders.put(holder.session.offset(), holder);
        byAsker.put(new Question.Asker(holder.link, holder.handle), holder);
        released.remove(holder.session.offset());
    }

    @Nullable
    AttachedSession drop(long session) {
        var holder = holders.remove(session);
        if (holder != null) {
            byAsker.remove(new Question.Asker(holder.link, holder.handle), holder);
        }
        return holder;
    }

    boolean holds(AttachedSession holder) {
        return holders.get(holder.session.offset()) == holder;
    }

    Collection<AttachedSession> holders() {
        return holders.values();
    }

    /// Takes away everything a link holds.
    List<AttachedSession> dropAll(GatewayLink link) {
        var dropped = new ArrayList<AttachedSession>();
        holders.values().removeIf(holder -> holder.link == link && dropped.add(holder));
        byAsker.values().removeIf(holder -> holder.link == link);
        return dropped;
    }

    void dropAll() {
        holders.clear();
        byAsker.clear();
    }

    /// An Attached of ours is on its way into the log.
    void attaching(long session, long attachId) {
        attaching.put(session, attachId);
        released.remove(session);
    }

    /// Whether an Attached of ours, other than this one's, is on its way.
    boolean anotherAttaches(long session, long attachId) {
        var inFlight = attaching.get(session);
        return inFlight != null && inFlight != attachId;
    }

    /// An Attached of ours was applied.
    void attached(long session, long attachId) {
        attaching.remove(session, attachId);
    }

    boolean isAttaching(long session, long attachId) {
        var inFlight = attaching.get(session);
        return inFlight != null && inFlight == attachId;
    }

    /// A Close of ours is on its way into the log.
    void closing(long session) {
        closing.add(session);
    }

    boolean isClosing(long session) {
        return closing.contains(session);
    }

    void closeApplied(long session) {
        closing.remove(session);
    }

    /// The connection of the session's current attach is known to have ended.
    void released(long session) {
        released.add(session);
    }

    boolean isReleased(long session) {
        return released.contains(session);
    }

    /// Somebody else may hold the session now, or it has ended.
    void unknown(long session) {
        released.remove(session);
    }

    void forget(long session) {
        attaching.remove(session);
        released.remove(session);
    }
}
