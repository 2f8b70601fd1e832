package dev.guildcast.shard.memory;

import dev.guildcast.shard.storage.ShardStorage.LogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/// One log partition in memory. Safe for use from any thread.
///
/// - **Bound:** none; it lives as long as a test.
public final class MemoryLog {
    private final LongSupplier wallMillis;
    private final List<LogEntry> entries = new ArrayList<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /// @param wallMillis clock of the records' timestamps, Unix milliseconds
    public MemoryLog(LongSupplier wallMillis) {
        this.wallMillis = wallMillis;
    }

    /// Appends a record and returns its offset.
    public long append(byte[] record) {
        long offset;
        synchronized (this) {
            offset = entries.size();
            entries.add(new LogEntry(offset, wallMillis.getAsLong(), record));
        }
        listeners.forEach(Runnable::run);
        return offset;
    }

    /// The offset of the next record.
    public synchronized long end() {
        return entries.size();
    }

    /// @throws IndexOutOfBoundsException if there is no such record
    public synchronized LogEntry at(long offset) {
        return entries.get(Math.toIntExact(offset));
    }

    void onAppend(Runnable listener) {
        listeners.add(listener);
    }
}
