package dev.guildcast.fanout.ingress;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.UserRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;

/// Logs in memory. A test may hold acknowledgements back, or have the log fail.
final class InMemoryEventAppender implements EventAppender {
    record Entry(Log log, int partition, byte[] record, CompletableFuture<Appended> appended) {
        GuildRecord guild() {
            try {
                return GuildRecord.parseFrom(record);
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        UserRecord user() {
            try {
                return UserRecord.parseFrom(record);
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private boolean holding;
    private IntPredicate failing = nth -> false;

    @Override
    public synchronized CompletableFuture<Appended> append(Log log, int partition, byte[] record) {
        int nth = entries.size();
        var entry = new Entry(log, partition, record, new CompletableFuture<>());
        entries.add(entry);
        if (failing.test(nth)) {
            entry.appended().completeExceptionally(new LogUnavailable("away"));
        } else if (!holding) {
            acknowledge(nth);
        }
        return entry.appended();
    }

    synchronized void hold() {
        holding = true;
    }

    /// The log does not acknowledge the appends with these indexes, from 0.
    synchronized void failAt(IntPredicate numbers) {
        failing = numbers;
    }

    void acknowledge(int nth) {
        var entry = entry(nth);
        entry.appended().complete(new Appended(entry.log(), entry.partition(), nth));
    }

    void fail(int nth, RuntimeException failure) {
        entry(nth).appended().completeExceptionally(failure);
    }

    synchronized Entry entry(int nth) {
        return entries.get(nth);
    }

    synchronized int size() {
        return entries.size();
    }

    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }
}
