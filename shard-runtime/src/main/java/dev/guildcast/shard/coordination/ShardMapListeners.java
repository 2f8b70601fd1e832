package dev.guildcast.shard.coordination;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listeners of the shard map. Safe for use from any thread; a listener that fails does not affect the others.
final class ShardMapListeners {
    private static final Logger log = LoggerFactory.getLogger(ShardMapListeners.class);

    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    AutoCloseable add(Runnable listener) {
        var entry = new Entry(listener);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    void notifyListeners() {
        for (var entry : entries) {
            try {
                entry.listener.run();
            } catch (RuntimeException failed) {
                log.error("a listener of the shard map failed; the others are notified all the same", failed);
            }
        }
    }

    /// Compared by identity: the same listener may be added twice.
    private static final class Entry {
        private final Runnable listener;

        Entry(Runnable listener) {
            this.listener = listener;
        }
    }
}
