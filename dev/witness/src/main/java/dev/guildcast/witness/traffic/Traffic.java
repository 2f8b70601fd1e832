package dev.guildcast.witness.traffic;

import dev.guildcast.witness.Publication;
import dev.guildcast.witness.Publication.Outcome;
import dev.guildcast.witness.model.World;
import dev.guildcast.witness.traffic.EventSender.Unanswered;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// Carries out a plan. Each publisher waits for the answer to what it has sent before it sends on, sends again what was
/// not answered, under the same numbers, and now and then sends again what was.
///
/// - **Owner:** one thread a publisher; the rest may be called from any.
/// - **Bound:** [#BATCH_MAX] events in flight for each publisher, for at most [#GIVE_UP_SECONDS].
/// - **Promise:** every event of the plan that was sent is in [#publications], with its outcome.
public final class Traffic implements AutoCloseable {
    private static final int BATCH_MAX = 16;
    private static final long GIVE_UP_SECONDS = 45;
    private static final long RETRY_MILLIS = 200;
    private static final int REPEAT_PERCENT = 4;

    private final Plan plan;
    private final PublishTarget target;
    private final long seed;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Publication> publications = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private int repeats;
    private volatile boolean finishing;

    public Traffic(Plan plan, PublishTarget target, long seed) {
        this.plan = plan;
        this.target = target;
        this.seed = seed;
    }

    /// Publishes the world's guilds anew, so that what an earlier run changed in them is undone. Blocks until all of it
    /// stands in the logs.
    public static void reset(World world, PublishTarget target) throws InterruptedException {
        try (var sender = new HttpSender(target)) {
            for (JsonNode guild : world.guilds()) {
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GIVE_UP_SECONDS);
                while (true) {
                    try {
                        sender.sendDocument(guild);
                        break;
                    } catch (Unanswered e) {
                        if (System.nanoTime() > deadline) {
                            throw new IllegalStateException("the ingress takes no guild: " + e.getMessage(), e);
                        }
                        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
                    }
                }
            }
        }
    }

    /// Begins at once; the plan's first event is due now.
    public void start() {
        long begin = System.nanoTime();
        plan.events().forEach((publisher, events) -> {
            boolean topic =
                    publisher.equals(plan.topicPublisher()) && !target.kafka().isEmpty();
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("publish-" + publisher)
                    .start(() -> run(publisher, events, begin, topic)));
        });
    }

    /// Lets each publisher end with what it is sending, before the end of the plan.
    public void finish() {
        finishing = true;
    }

    /// Waits until every publisher is done.
    public void join() throws InterruptedException {
        for (Thread each : threads) {
            each.join();
        }
    }

    /// What was sent so far; of each publisher in its order.
    public synchronized List<Publication> publications() {
        return List.copyOf(publications);
    }

    /// What went wrong with publishing itself; a run with any cannot be judged.
    public synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    /// How many events were sent again although they had been answered.
    public synchronized int repeats() {
        return repeats;
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }

    private void run(String publisher, List<PlannedEvent> events, long begin, boolean topic) {
        var random = new Random(seed + publisher.hashCode());
        try (EventSender sender = topic ? new KafkaSender(target) : new HttpSender(target)) {
            int next = 0;
            while (next < events.size() && !finishing) {
                long due =
                        begin + TimeUnit.MILLISECONDS.toNanos(events.get(next).dueMillis());
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                int end = next + 1;
                long now = System.nanoTime();
                while (end < events.size()
                        && end - next < BATCH_MAX
                        && begin + TimeUnit.MILLISECONDS.toNanos(events.get(end).dueMillis()) <= now) {
                    end++;
                }
                List<PlannedEvent> batch = events.subList(next, end);
                publish(sender, batch);
                if (random.nextInt(100) < REPEAT_PERCENT) {
                    again(sender, batch);
                }
                next = end;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            problem(publisher + ": " + e.getMessage());
        }
    }

    private void publish(EventSender sender, List<PlannedEvent> batch) throws InterruptedException {
        long sent = System.nanoTime();
        String name = target.nameOf(batch.getFirst().publisher());
        List<Outcome> outcomes = null;
        while (outcomes == null) {
            try {
                outcomes = sender.send(name, batch);
            } catch (Unanswered e) {
                if (System.nanoTime() - sent > TimeUnit.SECONDS.toNanos(GIVE_UP_SECONDS)) {
                    note(batch, null, sent, Publication.NEVER);
                    throw new IllegalStateException("no answer for " + GIVE_UP_SECONDS + " s: " + e.getMessage(), e);
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
        note(batch, outcomes, sent, sender.answersFromItsLog() ? System.nanoTime() : Publication.NEVER);
    }

    /// A publisher that missed an answer does this, too: nothing may come of it.
    private void again(EventSender sender, List<PlannedEvent> batch) throws InterruptedException {
        try {
            List<Outcome> outcomes = sender.send(target.nameOf(batch.getFirst().publisher()), batch);
            if (outcomes.contains(Outcome.REFUSED)) {
                problem("a repeat of " + batch.getFirst().publisher() + " was refused");
            }
            synchronized (this) {
                repeats += batch.size();
            }
        } catch (Unanswered e) {
            // It was only a repeat.
        }
    }

    private synchronized void note(
            List<PlannedEvent> batch,
            @org.jspecify.annotations.Nullable List<Outcome> outcomes,
            long sent,
            long acked) {
        for (int i = 0; i < batch.size(); i++) {
            PlannedEvent event = batch.get(i);
            Outcome outcome = outcomes == null ? Outcome.UNKNOWN : outcomes.get(i);
            publications.add(new Publication(
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
            if (outcome == Outcome.REFUSED) {
                problems.add("refused: " + event.type() + " " + event.publisher() + "#" + event.sequence());
            }
        }
    }

    private synchronized void problem(String what) {
        problems.add(what);
    }
}
