package dev.guildcast.witness.traffic;

import dev.guildcast.witness.PublishedEvent;
import dev.guildcast.witness.PublishedEvent.IngressOutcome;
import dev.guildcast.witness.model.InitialWorld;
import dev.guildcast.witness.traffic.EventSender.UnacknowledgedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// Publishes a plan. Each publisher waits for the acknowledgement of a batch before it sends the next one, resends
/// unacknowledged batches with the same sequences, and now and then repeats an acknowledged one.
///
/// - **Owner:** one thread per publisher; the rest may be called from any.
/// - **Bound:** [#BATCH_MAX] events in flight per publisher, for at most [#ACKNOWLEDGEMENT_TIMEOUT_SECONDS] seconds.
/// - **Promise:** every event of the plan that was sent is in [#publications], with its outcome.
public final class TrafficGenerator implements AutoCloseable {
    /// A publisher that fell behind catches up in a few requests that stay small.
    private static final int BATCH_MAX = 16;
    /// Longer than the recovery of any killed service.
    private static final long ACKNOWLEDGEMENT_TIMEOUT_SECONDS = 45;
    /// Short against a recovery, long against a request.
    private static final long RETRY_MILLIS = 200;
    /// Enough repeats for every run to test deduplication, few enough not to change its rate.
    private static final int REPEAT_PERCENT = 4;

    private final TrafficPlan plan;
    private final PublishTarget target;
    private final long seed;
    private final List<Thread> threads = new ArrayList<>();
    private final List<PublishedEvent> publications = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private int repeats;
    private volatile boolean stopping;

    public TrafficGenerator(TrafficPlan plan, PublishTarget target, long seed) {
        this.plan = plan;
        this.target = target;
        this.seed = seed;
    }

    /// Publishes the world's guilds again, which reverts the changes of an earlier run. Blocks until all of it is
    /// appended to the logs.
    public static void reset(InitialWorld world, PublishTarget target) throws InterruptedException {
        try (var sender = new HttpSender(target)) {
            for (JsonNode guild : world.guilds()) {
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ACKNOWLEDGEMENT_TIMEOUT_SECONDS);
                while (true) {
                    try {
                        sender.sendSnapshot(guild);
                        break;
                    } catch (UnacknowledgedException e) {
                        if (System.nanoTime() > deadline) {
                            throw new IllegalStateException("ingress accepts no guild: " + e.getMessage(), e);
                        }
                        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
                    }
                }
            }
        }
    }

    /// Starts at once; the plan's first event is due now.
    public void start() {
        long startedNanos = System.nanoTime();
        plan.events().forEach((publisher, events) -> {
            boolean viaTopic =
                    publisher.equals(plan.topicPublisher()) && !target.kafka().isEmpty();
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("publish-" + publisher)
                    .start(() -> run(publisher, events, startedNanos, viaTopic)));
        });
    }

    /// Stops each publisher after its current batch, before the end of the plan.
    public void stopEarly() {
        stopping = true;
    }

    /// Waits until every publisher is done.
    public void join() throws InterruptedException {
        for (Thread each : threads) {
            each.join();
        }
    }

    /// The events sent so far; those of one publisher in its order.
    public synchronized List<PublishedEvent> publications() {
        return List.copyOf(publications);
    }

    /// Problems with publishing itself; a run that has any cannot be verified.
    public synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    /// How many acknowledged events were sent again.
    public synchronized int repeats() {
        return repeats;
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }

    private void run(String publisher, List<PlannedEvent> events, long startedNanos, boolean viaTopic) {
        var random = new Random(seed + publisher.hashCode());
        try (EventSender sender = viaTopic ? new KafkaSender(target) : new HttpSender(target)) {
            int next = 0;
            while (next < events.size() && !stopping) {
                long dueNanos = startedNanos
                        + TimeUnit.MILLISECONDS.toNanos(events.get(next).dueMillis());
                TimeUnit.NANOSECONDS.sleep(dueNanos - System.nanoTime());
                int end = next + 1;
                long now = System.nanoTime();
                while (end < events.size()
                        && end - next < BATCH_MAX
                        && startedNanos
                                        + TimeUnit.MILLISECONDS.toNanos(
                                                events.get(end).dueMillis())
                                <= now) {
                    end++;
                }
                List<PlannedEvent> batch = events.subList(next, end);
                publish(sender, batch);
                if (random.nextInt(100) < REPEAT_PERCENT) {
                    resend(sender, batch);
                }
                next = end;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            addProblem(publisher + ": " + e.getMessage());
        }
    }

    private void publish(EventSender sender, List<PlannedEvent> batch) throws InterruptedException {
        long sent = System.nanoTime();
        String name = target.nameOf(batch.getFirst().publisher());
        List<IngressOutcome> outcomes = null;
        while (outcomes == null) {
            try {
                outcomes = sender.send(name, batch);
            } catch (UnacknowledgedException e) {
                if (System.nanoTime() - sent > TimeUnit.SECONDS.toNanos(ACKNOWLEDGEMENT_TIMEOUT_SECONDS)) {
                    addPublications(batch, null, sent, PublishedEvent.NEVER);
                    throw new IllegalStateException(
                            "no response for " + ACKNOWLEDGEMENT_TIMEOUT_SECONDS + " s: " + e.getMessage(), e);
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
        addPublications(batch, outcomes, sent, sender.confirmsAppend() ? System.nanoTime() : PublishedEvent.NEVER);
    }

    /// Repeats a batch, as a publisher does that missed the acknowledgement: ingress must ignore it.
    private void resend(EventSender sender, List<PlannedEvent> batch) throws InterruptedException {
        try {
            List<IngressOutcome> outcomes =
                    sender.send(target.nameOf(batch.getFirst().publisher()), batch);
            if (outcomes.contains(IngressOutcome.REJECTED)) {
                addProblem("a repeat of " + batch.getFirst().publisher() + " was rejected");
            }
            synchronized (this) {
                repeats += batch.size();
            }
        } catch (UnacknowledgedException e) {
            // It was only a repeat.
        }
    }

    private synchronized void addPublications(
            List<PlannedEvent> batch,
            @org.jspecify.annotations.Nullable List<IngressOutcome> outcomes,
            long sent,
            long acked) {
        for (int i = 0; i < batch.size(); i++) {
            PlannedEvent event = batch.get(i);
            IngressOutcome outcome = outcomes == null ? IngressOutcome.UNKNOWN : outcomes.get(i);
            publications.add(new PublishedEvent(
                    event.publisher(),
                    event.sequence(),
                    event.scope(),
                    event.guildId(),
                    event.type(),
                    event.body(),
                    event.users(),
                    sent,
                    acked,
                    outcome));
            if (outcome == IngressOutcome.REJECTED) {
                problems.add("rejected: " + event.type() + " " + event.publisher() + "#" + event.sequence());
            }
        }
    }

    private synchronized void addProblem(String what) {
        problems.add(what);
    }
}
