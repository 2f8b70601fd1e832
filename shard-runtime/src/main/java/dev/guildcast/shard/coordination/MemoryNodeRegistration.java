package dev.guildcast.shard.coordination;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.NodeRegistration;
import dev.guildcast.shard.v1.ShardReport;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A registration whose holder gives the directives itself: for tests. Directives run in the caller's thread.
public final class MemoryNodeRegistration implements NodeRegistration {
    private final AtomicInteger soon = new AtomicInteger();
    private volatile @Nullable Directives directives;
    private volatile Supplier<List<ShardReport>> reports = List::of;
    private volatile boolean leaving;
    private volatile boolean closed;

    @Override
    public void start(Directives directives, Supplier<List<ShardReport>> reports) {
        this.directives = directives;
        this.reports = reports;
    }

    public synchronized void follow(ShardId shard) {
        started().follow(shard);
    }

    public synchronized void claim(ShardId shard, long epoch) {
        started().claim(shard, epoch);
    }

    public synchronized void release(ShardId shard) {
        started().release(shard);
    }

    /// What the node would report now.
    public List<ShardReport> reports() {
        return reports.get();
    }

    /// How often a report was asked for.
    public int reportsAskedFor() {
        return soon.get();
    }

    public boolean isLeaving() {
        return leaving;
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public void reportSoon() {
        soon.incrementAndGet();
    }

    @Override
    public void leave() {
        leaving = true;
    }

    @Override
    public void close() {
        closed = true;
    }

    private Directives started() {
        var started = directives;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }
}
