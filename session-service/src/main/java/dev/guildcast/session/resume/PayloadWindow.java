package dev.guildcast.session.resume;

import dev.guildcast.delivery.v1.SessionRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The newest records of one shard's log, parsed, so that live pushes and short replays need not read the log again.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** a span of log time and `bytesMax`; the oldest are evicted first. The newest record always fits.
/// - **Promise:** it returns the record at exactly that offset or none; evicted records are still in the log.
public final class PayloadWindow {
    private final long windowMillis;
    private final long bytesMax;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final Map<Long, Entry> byOffset = new HashMap<>();
    private long heldBytes;

    public PayloadWindow(Duration window, long bytesMax) {
        this.windowMillis = window.toMillis();
        this.bytesMax = bytesMax;
    }

    /// @param atMillis log timestamp
    public void add(SessionRecord record, long offset, long atMillis) {
        var entry = new Entry(new LoggedRecord(record, atMillis), offset, record.getSerializedSize());
        entries.addLast(entry);
        byOffset.put(offset, entry);
        heldBytes += entry.bytes;
        while (entries.size() > 1
                && (heldBytes > bytesMax || entries.getFirst().logged.atMillis() < atMillis - windowMillis)) {
            var oldest = entries.removeFirst();
            byOffset.remove(oldest.offset);
            heldBytes -= oldest.bytes;
        }
    }

    public @Nullable LoggedRecord at(long offset) {
        var entry = byOffset.get(offset);
        return entry == null ? null : entry.logged;
    }

    public long heldBytes() {
        return heldBytes;
    }

    private record Entry(LoggedRecord logged, long offset, int bytes) {}
}
