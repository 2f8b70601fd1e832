package dev.guildcast.coordinator.map;

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

/// The newest map, its recent changes, and its watchers.
///
/// - **Owner:** the replica's loop publishes; watchers are added, pumped and removed from any thread.
/// - **Bound:** `historyRevisions` changes, `watchersMax` watchers. Nothing is queued for a watcher: when it is ready
///   it is sent all that changed since, or the whole map if that is no longer in the history.
/// - **Promise:** revisions only rise; an older state is ignored.
public final class ShardMapPublisher {
    private final MapProperties properties;
    private final Deque<MapChange> history = new ArrayDeque<>();
    private final CopyOnWriteArrayList<MapWatcher> watchers = new CopyOnWriteArrayList<>();
    /// Changes up to this revision are no longer in the history.
    private long historyFromRevision;

    private volatile ClusterState state = ClusterState.EMPTY;
    private volatile ShardMap map = ShardMap.EMPTY;

    public ShardMapPublisher(MapProperties properties) {
        this.properties = properties;
    }

    public ClusterState state() {
        return state;
    }

    public ShardMap map() {
        return map;
    }

    public int watcherCount() {
        return watchers.size();
    }

    public void publish(ClusterState next) {
        boolean changed;
        synchronized (this) {
            if (next.revision() <= state.revision()) {
                return;
            }
            var nextMap = ShardMap.of(next);
            var ids = nextMap.changedSince(map);
            changed = !ids.isEmpty();
            if (changed) {
                history.addLast(new MapChange(next.revision(), ids));
                if (history.size() > properties.historyRevisions()) {
                    historyFromRevision = history.removeFirst().revision;
                }
            }
            if (map.revision() == 0) {
                // The changes before the first state are unknown.
                historyFromRevision = next.revision();
            }
            state = next;
            map = nextMap;
        }
        if (changed) {
            watchers.forEach(MapWatcher::pump);
        }
    }

    /// The update from this revision to the newest map; empty if there is none.
    private synchronized Optional<MapUpdate> updateSince(long revision) {
        var newest = map;
        if (newest.revision() == 0 || revision == newest.revision()) {
            return Optional.empty();
        }
        if (revision < historyFromRevision || revision > newest.revision()) {
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

    /// Watchers that are served at a time.
    public int watchersMax() {
        return properties.watchersMax();
    }

    /// Adds a watcher that has the map of `fromRevision`; 0 if it has none.
    ///
    /// @return empty if there are too many
    public Optional<MapWatcher> watch(long fromRevision, UpdateSink sink) {
        if (watchers.size() >= watchersMax()) {
            return Optional.empty();
        }
        var watcher = new MapWatcher(fromRevision, sink);
        watchers.add(watcher);
        watcher.pump();
        return Optional.of(watcher);
    }

    /// Receives a watcher's updates. Not called by two threads at a time.
    public interface UpdateSink {
        /// Whether another update can be sent without queueing it.
        boolean isReady();

        void send(MapUpdate update);
    }

    /// One stream.
    public final class MapWatcher {
        private final UpdateSink sink;
        private long sentRevision;
        private boolean needsSnapshot;

        private MapWatcher(long fromRevision, UpdateSink sink) {
            this.sink = sink;
            this.sentRevision = fromRevision;
            this.needsSnapshot = fromRevision == 0;
        }

        /// Sends pending changes while the sink is ready. From any thread.
        public synchronized void pump() {
            while (sink.isReady()) {
                var update = needsSnapshot ? snapshot() : updateSince(sentRevision);
                if (update.isEmpty()) {
                    return;
                }
                needsSnapshot = false;
                sentRevision = update.get().getRevision();
                sink.send(update.get());
            }
        }

        private Optional<MapUpdate> snapshot() {
            var newest = map;
            return newest.revision() == 0 ? Optional.empty() : Optional.of(newest.snapshot());
        }

        public void cancel() {
            watchers.remove(this);
        }
    }

    private record MapChange(long revision, Collection<ShardId> shards) {}
}
