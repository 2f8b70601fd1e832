package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.storage.EphemeralReader;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/// Counters of shards' processes as metrics, by kind of shard.
public final class MeterShardCounters implements ShardCounters {
    private static final String SKIPPED = "guildcast.shard.ephemeral.skipped";

    private final Counter applied;
    private final Counter duplicates;
    private final Counter gaps;
    private final Counter ephemeralDropped;
    private final Counter ephemeralCoalesced;
    private final Counter ephemeralTrimmed;
    private final Counter ephemeralUnreadable;
    private final Counter deadLetters;
    private final Counter deadLettersLost;
    private final Counter sent;
    private final Counter checkpoints;

    public MeterShardCounters(MeterRegistry registry, ShardId.Kind kind) {
        var tag = kind.name().toLowerCase(Locale.ROOT);
        applied = registry.counter("guildcast.shard.records.applied", "kind", tag);
        duplicates = registry.counter("guildcast.shard.records.duplicates", "kind", tag);
        gaps = registry.counter("guildcast.shard.records.gaps", "kind", tag);
        ephemeralDropped = registry.counter("guildcast.shard.ephemeral.dropped", "kind", tag);
        ephemeralCoalesced = registry.counter("guildcast.shard.ephemeral.coalesced", "kind", tag);
        ephemeralTrimmed = registry.counter(SKIPPED, "kind", tag, "class", "trimmed");
        ephemeralUnreadable = registry.counter(SKIPPED, "kind", tag, "class", "unreadable");
        deadLetters = registry.counter("guildcast.shard.dead.letters", "kind", tag);
        deadLettersLost = registry.counter("guildcast.shard.dead.letters.lost", "kind", tag);
        sent = registry.counter("guildcast.shard.records.sent", "kind", tag);
        checkpoints = registry.counter("guildcast.shard.checkpoints", "kind", tag);
    }

    @Override
    public void onApplied() {
        applied.increment();
    }

    @Override
    public void onDuplicate() {
        duplicates.increment();
    }

    @Override
    public void onGap() {
        gaps.increment();
    }

    @Override
    public void onEphemeralDropped() {
        ephemeralDropped.increment();
    }

    @Override
    public void onEphemeralCoalesced() {
        ephemeralCoalesced.increment();
    }

    @Override
    public void onEphemeralSkipped(EphemeralReader.Skipped skipped) {
        ephemeralTrimmed.increment(skipped.trimmed());
        ephemeralUnreadable.increment(skipped.unreadable());
    }

    @Override
    public void onDeadLetter() {
        deadLetters.increment();
    }

    @Override
    public void onDeadLetterLost() {
        deadLettersLost.increment();
    }

    @Override
    public void onSent() {
        sent.increment();
    }

    @Override
    public void onCheckpoint() {
        checkpoints.increment();
    }
}
