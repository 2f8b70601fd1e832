package dev.guildcast.system.simulation;

import dev.guildcast.contract.ShardId;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.shard.memory.MemoryInstallation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/// The backends' publishers: their records may arrive late, twice, or after later ones.
///
/// Each has at most eight publications outstanding, [#SEQUENCE_STRIDE] sequences apart, so that the deduplication
/// window of 1024 is used to its limit. Groups of one guild are published one after the other.
final class SimulatedPublishers {
    /// Times the stride just below the deduplication window of 1024.
    private static final int OUTSTANDING_MAX = 8;
    /// A prime, so that sequences do not align with the window's words.
    private static final long SEQUENCE_STRIDE = 127;

    private record InFlight(
            String publisher, long sequence, int part, long guild, GuildRecord record, boolean ordered) {
        GuildRecord withPublication() {
            var publication = Publication.newBuilder()
                    .setPublisher(publisher)
                    .setSequence(sequence)
                    .setPart(part)
                    .build();
            var builder = record.toBuilder();
            if (record.hasEvent()) {
                builder.getEventBuilder().setPublication(publication);
            } else if (record.hasDocumentPart()) {
                builder.getDocumentPartBuilder().setPublication(publication);
            } else {
                builder.getDocumentEndBuilder().setPublication(publication);
            }
            return builder.build();
        }
    }

    private final Random random;
    private final MemoryInstallation installation;
    private final Predicate<ShardId> accepts;
    private final LongFunction<ShardId> shardOf;
    private final TreeMap<Long, ArrayDeque<List<GuildRecord>>> waiting = new TreeMap<>();
    private final List<InFlight> inFlight = new ArrayList<>();
    private final List<InFlight> delayedCopies = new ArrayList<>();
    private final TreeMap<String, Long> sequences = new TreeMap<>();

    SimulatedPublishers(
            Random random, MemoryInstallation installation, Predicate<ShardId> accepts, LongFunction<ShardId> shardOf) {
        this.random = random;
        this.installation = installation;
        this.accepts = accepts;
        this.shardOf = shardOf;
    }

    /// Publishes the group once all groups queued before it for this guild are acknowledged.
    void queue(long guild, List<GuildRecord> group) {
        waiting.computeIfAbsent(guild, each -> new ArrayDeque<>()).add(group);
    }

    boolean idle() {
        return inFlight.isEmpty()
                && delayedCopies.isEmpty()
                && waiting.values().stream().allMatch(ArrayDeque::isEmpty);
    }

    /// One step of the publishers.
    void step() {
        waiting.forEach((guild, groups) -> {
            var next = groups.peek();
            if (next != null
                    && inFlight.stream().noneMatch(each -> each.ordered && each.guild == guild)
                    && start(guild, next, true)) {
                groups.remove();
            }
        });
        if (!delayedCopies.isEmpty() && random.nextInt(7) == 0) {
            append(delayedCopies.remove(random.nextInt(delayedCopies.size())));
            return;
        }
        if (inFlight.isEmpty()) {
            return;
        }
        var outgoing = inFlight.get(random.nextInt(Math.min(12, inFlight.size())));
        if (random.nextInt(10) == 0) {
            return; // Lost on its way to the log.
        }
        if (append(outgoing) && random.nextInt(4) > 0) {
            inFlight.remove(outgoing);
            if (random.nextInt(10) == 0) {
                delayedCopies.add(outgoing); // A copy is still in flight.
            }
        }
    }

    /// Assigns each record of the group its publication and sends it, unless too many are outstanding.
    ///
    /// @param ordered whether the guild's next group waits for it
    boolean start(long guild, List<GuildRecord> group, boolean ordered) {
        String publisher = "p" + (guild >>> 22) % 2;
        long sequence = sequences.getOrDefault(publisher, 0L);
        long oldest = inFlight.stream()
                .filter(each -> each.publisher.equals(publisher))
                .mapToLong(InFlight::sequence)
                .min()
                .orElse(sequence);
        long oldestCopy = delayedCopies.stream()
                .filter(each -> each.publisher.equals(publisher))
                .mapToLong(InFlight::sequence)
                .min()
                .orElse(sequence);
        if (sequence - oldest >= SEQUENCE_STRIDE * OUTSTANDING_MAX) {
            return false;
        }
        if (sequence - oldestCopy >= SEQUENCE_STRIDE * 40) {
            delayedCopies.removeIf(each -> each.publisher.equals(publisher));
        }
        sequences.put(publisher, sequence + SEQUENCE_STRIDE);
        for (int part = 0; part < group.size(); part++) {
            inFlight.add(new InFlight(publisher, sequence, part, guild, group.get(part), ordered));
        }
        return true;
    }

    private boolean append(InFlight outgoing) {
        if (!accepts.test(shardOf.apply(outgoing.guild))) {
            return false;
        }
        installation
                .log(shardOf.apply(outgoing.guild))
                .append(outgoing.withPublication().toByteArray());
        return true;
    }
}
