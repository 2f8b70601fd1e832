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

/// The backends' publishers: what they publish may come late, twice, or after what was published later.
///
/// Each has at most eight publications outstanding, [#STRIDE] sequences apart, so that the window of 1024 is used to
/// its edge. Groups of one guild are published one after the other.
final class Publishers {
    private static final int OUTSTANDING_MAX = 8;
    private static final long STRIDE = 127;

    private record Flying(String publisher, long sequence, int part, long guild, GuildRecord record, boolean ordered) {
        GuildRecord marked() {
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
    private final Predicate<ShardId> takes;
    private final LongFunction<ShardId> homes;
    private final TreeMap<Long, ArrayDeque<List<GuildRecord>>> waiting = new TreeMap<>();
    private final List<Flying> flying = new ArrayList<>();
    private final List<Flying> ghosts = new ArrayList<>();
    private final TreeMap<String, Long> sequences = new TreeMap<>();

    Publishers(Random random, MemoryInstallation installation, Predicate<ShardId> takes, LongFunction<ShardId> homes) {
        this.random = random;
        this.installation = installation;
        this.takes = takes;
        this.homes = homes;
    }

    /// Publishes the group when all that was queued for this guild before it is acknowledged.
    void queue(long guild, List<GuildRecord> group) {
        waiting.computeIfAbsent(guild, each -> new ArrayDeque<>()).add(group);
    }

    boolean idle() {
        return flying.isEmpty() && ghosts.isEmpty() && waiting.values().stream().allMatch(ArrayDeque::isEmpty);
    }

    /// One step of the publishers.
    void publish() {
        waiting.forEach((guild, groups) -> {
            var next = groups.peek();
            if (next != null
                    && flying.stream().noneMatch(each -> each.ordered && each.guild == guild)
                    && start(guild, next, true)) {
                groups.remove();
            }
        });
        if (!ghosts.isEmpty() && random.nextInt(7) == 0) {
            put(ghosts.remove(random.nextInt(ghosts.size())));
            return;
        }
        if (flying.isEmpty()) {
            return;
        }
        var one = flying.get(random.nextInt(Math.min(12, flying.size())));
        if (random.nextInt(10) == 0) {
            return; // Lost on its way to the log.
        }
        if (put(one) && random.nextInt(4) > 0) {
            flying.remove(one);
            if (random.nextInt(10) == 0) {
                ghosts.add(one); // A copy still travels.
            }
        }
    }

    /// Gives each record of the group its mark, and sends it on its way; not if too many are outstanding.
    ///
    /// @param ordered whether the guild's next group waits for it
    boolean start(long guild, List<GuildRecord> group, boolean ordered) {
        String publisher = "p" + (guild >>> 22) % 2;
        long sequence = sequences.getOrDefault(publisher, 0L);
        long oldest = flying.stream()
                .filter(each -> each.publisher.equals(publisher))
                .mapToLong(Flying::sequence)
                .min()
                .orElse(sequence);
        long travelling = ghosts.stream()
                .filter(each -> each.publisher.equals(publisher))
                .mapToLong(Flying::sequence)
                .min()
                .orElse(sequence);
        if (sequence - oldest >= STRIDE * OUTSTANDING_MAX) {
            return false;
        }
        if (sequence - travelling >= STRIDE * 40) {
            ghosts.removeIf(each -> each.publisher.equals(publisher));
        }
        sequences.put(publisher, sequence + STRIDE);
        for (int part = 0; part < group.size(); part++) {
            flying.add(new Flying(publisher, sequence, part, guild, group.get(part), ordered));
        }
        return true;
    }

    private boolean put(Flying one) {
        if (!takes.test(homes.apply(one.guild))) {
            return false;
        }
        installation.log(homes.apply(one.guild)).append(one.marked().toByteArray());
        return true;
    }
}
