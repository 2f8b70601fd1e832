package dev.guildcast.fanout.node;

import dev.guildcast.fanout.delivery.FanoutCounters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;

/// The counters of the shard machines as meters.
final class MeterFanoutCounters implements FanoutCounters {
    private final DistributionSummary deliveries;
    private final Counter duplicates;
    private final Counter typingDropped;
    private final Counter guildsTooLarge;

    MeterFanoutCounters(MeterRegistry registry) {
        deliveries = DistributionSummary.builder("guildcast.fanout.deliveries")
                .description("records for session shards, by the sessions named in each")
                .baseUnit("sessions")
                .register(registry);
        duplicates = Counter.builder("guildcast.fanout.publisher.repeats")
                .description("duplicate records of publishers, dropped without a change")
                .baseUnit("records")
                .register(registry);
        typingDropped = Counter.builder("guildcast.fanout.typing.dropped")
                .description("typing events dropped because they were older than fanout.typing-age-max")
                .baseUnit("events")
                .register(registry);
        guildsTooLarge = Counter.builder("guildcast.fanout.guilds.too.large")
                .description("sessions sent that a guild is unavailable, because it is too large for one GUILD_CREATE")
                .baseUnit("sessions")
                .register(registry);
    }

    @Override
    public void onGuildTooLarge() {
        guildsTooLarge.increment();
    }

    @Override
    public void onDelivery(int recipients) {
        deliveries.record(recipients);
    }

    @Override
    public void onDuplicatePublication() {
        duplicates.increment();
    }

    @Override
    public void onTypingDropped() {
        typingDropped.increment();
    }
}
