package dev.guildcast.shard.coordination;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.ShardReport;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A registration without a coordinator, for tests: the test issues the directives, which run on its thread.
public final class MemoryNodeRegistration implements NodeRegistration {
    private final AtomicInteger requestedReports = new AtomicInteger();
    private volatile @Nullable Directives directives;
    private volatile Reports reports = List::of;
    private volatile boolean leaving;
    private volatile boolean closed;

    @Override
    public void start(Directives directives, Reports reports) {
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

    /// The reports that the node would send now.
    public List<ShardReport> reports() {
        return reports.shards();
    }

    /// How often a report was requested.
    public int requestedReports() {
        return requestedReports.get();
    }

    public boolean isLeaving() {
        return leaving;
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public void reportSoon() {
        requestedReports.incrementAndGet();
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
