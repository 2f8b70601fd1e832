package dev.guildcast.shard.coordination;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who hears of a changed map. Safe for use from any thread; one listener's failure does not reach another.
final class MapListeners {
    private static final Logger log = LoggerFactory.getLogger(MapListeners.class);

    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    AutoCloseable add(Runnable listener) {
        var entry = new Entry(listener);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    void fire() {
        for (var entry : entries) {
            try {
                entry.listener.run();
            } catch (RuntimeException failed) {
                log.error("a listener of the shard map failed", failed);
            }
        }
    }

    /// Told apart by identity: the same listener may stand here twice.
    private static final class Entry {
        private final Runnable listener;

        Entry(Runnable listener) {
            this.listener = listener;
        }
    }
}
