package dev.guildcast.session.testing;

import dev.guildcast.session.resume.LogPayloadReader;
import dev.guildcast.session.resume.LoggedRecord;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.function.Consumer;

/// Reads a [TestLog]; replies when the test tells it to.
public final class TestPayloadReader implements LogPayloadReader {
    final TestLog log;
    final ArrayDeque<Runnable> pendingReads = new ArrayDeque<>();
    public long logStart;
    public boolean failing;
    public boolean full;

    public TestPayloadReader(TestLog log) {
        this.log = log;
    }

    @Override
    public Offer offerRead(int shard, long[] offsets, Consumer<ReadResult> reply) {
        if (full) {
            return Offer.FULL;
        }
        pendingReads.add(() -> {
            if (failing) {
                reply.accept(new ReadResult.Failed());
            } else if (offsets[0] < logStart) {
                reply.accept(new ReadResult.Trimmed());
            } else {
                var found = new HashMap<Long, LoggedRecord>();
                for (long offset : offsets) {
                    var entry = log.at(offset);
                    found.put(offset, new LoggedRecord(entry.record(), entry.atMillis()));
                }
                reply.accept(new ReadResult.Records(found));
            }
        });
        return Offer.ACCEPTED;
    }

    public boolean completeOne() {
        var next = pendingReads.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }
}
