package dev.guildcast.session.link;

import dev.guildcast.session.resume.LogPayloadReader;
import dev.guildcast.session.resume.LoggedRecord;
import dev.guildcast.session.testing.TestLog;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.function.Consumer;

/// Reads a [TestLog]; answers when told to.
final class TestReader implements LogPayloadReader {
    final TestLog log;
    final ArrayDeque<Runnable> asked = new ArrayDeque<>();
    long logStart;
    boolean failing;
    boolean full;

    TestReader(TestLog log) {
        this.log = log;
    }

    @Override
    public Offer offerRead(int shard, long[] offsets, Consumer<Reading> reply) {
        if (full) {
            return Offer.FULL;
        }
        asked.add(() -> {
            if (failing) {
                reply.accept(new Reading.Failed());
            } else if (offsets[0] < logStart) {
                reply.accept(new Reading.Trimmed());
            } else {
                var found = new HashMap<Long, LoggedRecord>();
                for (long offset : offsets) {
                    var entry = log.at(offset);
                    found.put(offset, new LoggedRecord(entry.record(), entry.atMillis()));
                }
                reply.accept(new Reading.Records(found));
            }
        });
        return Offer.ACCEPTED;
    }

    boolean answerOne() {
        var next = asked.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }
}
