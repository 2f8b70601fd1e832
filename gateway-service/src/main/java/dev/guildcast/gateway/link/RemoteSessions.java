package dev.guildcast.gateway.link;

import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The sessions of this gateway's connections, by handle, and how many each session shard has.
///
/// - **Owner:** none: concurrent collections. A session itself is called on its own event loop only.
/// - **Bound:** one session per connection, whose number `gateway.connections.max` bounds.
final class RemoteSessions {
    private final ConcurrentMap<Long, RemoteSession> byHandle;
    private final AtomicIntegerArray countsByShard;

    /// @param byHandle an empty map; broadcasts visit sessions in its order
    RemoteSessions(ConcurrentMap<Long, RemoteSession> byHandle, int sessionShards) {
        this.byHandle = byHandle;
        this.countsByShard = new AtomicIntegerArray(sessionShards);
    }

    void add(RemoteSession session) {
        byHandle.put(session.handle(), session);
        countsByShard.incrementAndGet(session.shard());
    }

    void remove(long handle) {
        var session = byHandle.remove(handle);
        if (session != null) {
            countsByShard.decrementAndGet(session.shard());
        }
    }

    /// Null when the session has ended, or the handle was never assigned.
    @Nullable
    RemoteSession find(long handle) {
        return byHandle.get(handle);
    }

    /// Passes each session once. One that is removed before its turn, for instance by the consumer, is left out.
    void forEach(Consumer<RemoteSession> consumer) {
        for (var session : byHandle.values()) {
            // The iterator may have fetched the session before it was removed.
            if (byHandle.containsKey(session.handle())) {
                consumer.accept(session);
            }
        }
    }

    /// As [#forEach], for the sessions of one session shard.
    void forEachOfShard(int shard, Consumer<RemoteSession> consumer) {
        forEach(session -> {
            if (session.shard() == shard) {
                consumer.accept(session);
            }
        });
    }

    int sessionShards() {
        return countsByShard.length();
    }

    /// The number of sessions of this session shard.
    int countOfShard(int shard) {
        return countsByShard.get(shard);
    }
}
