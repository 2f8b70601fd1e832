package dev.guildcast.fanout.node;

import dev.guildcast.fanout.Tally;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;

/// Counts what the shard machines do.
final class MeterTally implements Tally {
    private final DistributionSummary deliveries;
    private final Counter repeats;
    private final Counter typingDropped;

    MeterTally(MeterRegistry registry) {
        deliveries = DistributionSummary.builder("guildcast.fanout.deliveries")
                .description("records for session shards, and the sessions named in each")
                .baseUnit("sessions")
                .register(registry);
        repeats = Counter.builder("guildcast.fanout.publisher.repeats")
                .description("records of publishers that came again and changed nothing")
                .baseUnit("records")
                .register(registry);
        typingDropped = Counter.builder("guildcast.fanout.typing.dropped")
                .description("typing notices too old to be shown")
                .baseUnit("events")
                .register(registry);
    }

    @Override
    public void onDelivery(int recipients) {
        deliveries.record(recipients);
    }

    @Override
    public void onPublisherRepeat() {
        repeats.increment();
    }

    @Override
    public void onTypingDropped() {
        typingDropped.increment();
    }
}
