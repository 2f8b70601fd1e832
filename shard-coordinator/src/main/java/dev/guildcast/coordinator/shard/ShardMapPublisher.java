package dev.guildcast.coordinator.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.shard.v1.MapUpdate;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/// The newest map, what changed lately, and who watches.
///
/// - **Owner:** the replica's loop publishes; watchers come, read on and go from any thread.
/// - **Bound:** `historyRevisions` changes, `watchersMax` watchers. For a watcher nothing is queued: when it can take
///   more it is sent all that changed since, or the whole map if that is no longer known.
/// - **Promise:** revisions only rise; an older state is ignored.
final class ShardMapPublisher {
    private final MapProperties properties;
    private final Deque<Change> history = new ArrayDeque<>();
    private final CopyOnWriteArrayList<Watcher> watchers = new CopyOnWriteArrayList<>();
    /// Below this revision it is not known any more what changed.
    private long forgotten;

    private volatile ClusterState state = ClusterState.EMPTY;
    private volatile ShardMap map = ShardMap.EMPTY;

    ShardMapPublisher(MapProperties properties) {
        this.properties = properties;
    }

    ClusterState state() {
        return state;
    }

    ShardMap map() {
        return map;
    }

    int watchers() {
        return watchers.size();
    }

    void publish(ClusterState next) {
        boolean changed;
        synchronized (this) {
            if (next.revision() <= state.revision()) {
                return;
            }
            var nextMap = ShardMap.of(next);
            var ids = nextMap.changedSince(map);
            changed = !ids.isEmpty();
            if (changed) {
                history.addLast(new Change(next.revision(), ids));
                if (history.size() > properties.historyRevisions()) {
                    forgotten = history.removeFirst().revision;
                }
            }
            if (map.revision() == 0) {
                // What led to the first state is not known.
                forgotten = next.revision();
            }
            state = next;
            map = nextMap;
        }
        if (changed) {
            watchers.forEach(Watcher::pump);
        }
    }

    /// What brings a watcher from this revision to the newest map.
    private synchronized Optional<MapUpdate> since(long revision) {
        var newest = map;
        if (newest.revision() == 0 || revision == newest.revision()) {
            return Optional.empty();
        }
        if (revision < forgotten || revision > newest.revision()) {
            return Optional.of(newest.snapshot());
        }
        SortedSet<ShardId> changed = new TreeSet<>();
        for (var change : history) {
            if (change.revision > revision) {
                changed.addAll(change.shards);
            }
        }
        return Optional.of(newest.delta(changed));
    }

    /// Adds a watcher that has the map of `fromRevision`, 0 for none.
    ///
    /// @return empty if there are too many
    Optional<Watcher> watch(long fromRevision, Sink sink) {
        if (watchers.size() >= properties.watchersMax()) {
            return Optional.empty();
        }
        var watcher = new Watcher(fromRevision, sink);
        watchers.add(watcher);
        watcher.pump();
        return Optional.of(watcher);
    }

    /// Where a watcher's updates go. Not called by two threads at a time.
    interface Sink {
        /// Whether another update can be taken without queueing it.
        boolean isReady();

        void send(MapUpdate update);
    }

    /// One stream.
    final class Watcher {
        private final Sink sink;
        private long sent;
        private boolean first;

        private Watcher(long fromRevision, Sink sink) {
            this.sink = sink;
            this.sent = fromRevision;
            this.first = fromRevision == 0;
        }

        /// Sends what is new, if the sink can take it. From any thread.
        synchronized void pump() {
            while (sink.isReady()) {
                var update = first ? whole() : since(sent);
                if (update.isEmpty()) {
                    return;
                }
                first = false;
                sent = update.get().getRevision();
                sink.send(update.get());
            }
        }

        private Optional<MapUpdate> whole() {
            var newest = map;
            return newest.revision() == 0 ? Optional.empty() : Optional.of(newest.snapshot());
        }

        void leave() {
            watchers.remove(this);
        }
    }

    private record Change(long revision, Collection<ShardId> shards) {}
}
