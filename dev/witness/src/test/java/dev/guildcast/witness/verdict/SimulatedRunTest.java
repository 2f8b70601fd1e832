package dev.guildcast.witness.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Intent;
import dev.guildcast.witness.Observation;
import dev.guildcast.witness.PublishedEvent;
import dev.guildcast.witness.PublishedEvent.IngressOutcome;
import dev.guildcast.witness.Recording;
import dev.guildcast.witness.ScenarioBuilder;
import dev.guildcast.witness.model.ExpectedDispatch;
import dev.guildcast.witness.model.GuildState;
import dev.guildcast.witness.model.InitialWorld;
import dev.guildcast.witness.model.VisibilityModel;
import dev.guildcast.witness.traffic.PlannedEvent;
import dev.guildcast.witness.traffic.TrafficPlan;
import dev.guildcast.witness.verdict.DeliveryFault.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Complete plans delivered without a fault must pass; one manipulated dispatch among thousands must be detected.
class SimulatedRunTest {
    private static final int SEEDS = 15;
    private static final long MILLI = 1_000_000L;

    private final InitialWorld world = ScenarioBuilder.world();
    private final Account account = ScenarioBuilder.bot(
            2,
            Intent.GUILDS,
            Intent.GUILD_MEMBERS,
            Intent.GUILD_MESSAGES,
            Intent.GUILD_MESSAGE_REACTIONS,
            Intent.DIRECT_MESSAGES);

    /// The stream of one client; `late` events pass between a join and its GUILD_CREATE.
    private final class Run {
        final Random random;
        final List<PublishedEvent> publications = new ArrayList<>();
        final List<Observation.ReceivedDispatch> stream = new ArrayList<>();
        private GuildState guild = world.states().getFirst();
        private boolean available = true;
        private int eventsBeforeGuildCreate;
        private long now = 1_000 * MILLI;

        Run(long seed) {
            random = new Random(seed);
            TrafficPlan plan = TrafficPlan.of(seed, world, List.of("1", "2"), 60, 20);
            for (PlannedEvent each : plan.inOrder()) {
                now += 50 * MILLI;
                publications.add(new PublishedEvent(
                        each.publisher(),
                        each.sequence(),
                        each.scope(),
                        each.guildId(),
                        each.type(),
                        each.body(),
                        each.users(),
                        now,
                        now + 10 * MILLI,
                        IngressOutcome.ACCEPTED));
            }
            var model = new VisibilityModel(world, publications);
            now = 1_000 * MILLI;
            receive("READY", ScenarioBuilder.json("{}"));
            receive("GUILD_CREATE", guildCreate());
            publications.forEach(each -> deliver(model, each));
        }

        private void deliver(VisibilityModel model, PublishedEvent each) {
            now = each.sentNanos() + 20 * MILLI;
            boolean was = guild.hasMember("2");
            guild = guild.apply(each.type(), each.body());
            boolean is = guild.hasMember("2");
            if (was && !is) {
                if (available) {
                    receive("GUILD_DELETE", ScenarioBuilder.json("{'id':'10'}"));
                }
                available = false;
            } else if (!was && is) {
                eventsBeforeGuildCreate = random.nextInt(8);
            } else {
                boolean direct = each.guildId().isEmpty();
                for (ExpectedDispatch expected : model.expected(account, each)) {
                    if (direct || available) {
                        receive(expected);
                    }
                }
            }
            if (is && !available && eventsBeforeGuildCreate-- <= 0) {
                receive("GUILD_CREATE", guildCreate());
                available = true;
            }
        }

        private void receive(ExpectedDispatch expected) {
            if (expected.matchedByChannel()) {
                receive(expected.type(), ScenarioBuilder.json("{'guild_id':'10','id':'" + expected.subject() + "'}"));
            } else {
                ExpectedDispatch.ExpectedBody body = expected.body();
                JsonNode expectedBody = body.contentAllowed() ? body.full() : body.blanked();
                receive(expected.type(), expectedBody == null ? ScenarioBuilder.json("{}") : expectedBody);
            }
        }

        private void receive(String type, JsonNode body) {
            stream.add(new Observation.ReceivedDispatch(now, 1, type, 0, body));
        }

        private ObjectNode guildCreate() {
            ObjectNode body = ScenarioBuilder.json("{'id':'10','channels':[]}");
            guild.channels().keySet().stream()
                    .filter(channel -> guild.canView("2", channel))
                    .forEach(channel -> body.withArray("channels").addObject().put("id", channel));
            return body;
        }

        /// Assigns sequence numbers to the stream, so that only its content can be wrong.
        ClientVerdict verdict() {
            var recording = new Recording();
            int sequence = 0;
            for (Observation.ReceivedDispatch each : stream) {
                recording.add(
                        new Observation.ReceivedDispatch(each.atNanos(), 1, each.type(), ++sequence, each.body()));
            }
            return new RecordingChecker(world, publications, CheckSettings.between(0, now)).check(account, recording);
        }

        /// The index of a message within the first membership, after and before other events.
        int someMessage() {
            int end = 2;
            while (end < stream.size() && !stream.get(end).type().equals("GUILD_DELETE")) {
                end++;
            }
            for (int at = 2 + random.nextInt(end - 2); ; at = 2 + random.nextInt(end - 2)) {
                if (stream.get(at).type().equals("MESSAGE_CREATE")) {
                    return at;
                }
            }
        }
    }

    private interface StreamMutation {
        void apply(Run run, int at);
    }

    private void assertDetected(Kind kind, StreamMutation mutation) {
        long first = new Random().nextInt(1_000_000);
        for (long seed = first; seed < first + SEEDS; seed++) {
            var run = new Run(seed);
            mutation.apply(run, run.someMessage());
            assertThat(run.verdict().faults())
                    .as("seed " + seed)
                    .extracting(DeliveryFault::kind)
                    .containsOnly(kind);
        }
    }

    @Test
    void aCorrectDeliveryPasses() {
        long first = new Random().nextInt(1_000_000);
        for (long seed = first; seed < first + SEEDS; seed++) {
            ClientVerdict verdict = new Run(seed).verdict();
            assertThat(verdict.faults()).as("seed " + seed).isEmpty();
            assertThat(verdict.received())
                    .as("seed " + seed)
                    .isEqualTo(verdict.entitled())
                    .isGreaterThan(100);
        }
    }

    @Test
    void oneMissingDispatchIsDetected() {
        assertDetected(Kind.LOST, (run, at) -> run.stream.remove(at));
    }

    @Test
    void oneRepeatedDispatchIsDetected() {
        assertDetected(Kind.REPEATED, (run, at) -> run.stream.add(at + 1, run.stream.get(at)));
    }

    @Test
    void oneAlteredDispatchIsDetected() {
        assertDetected(Kind.ALTERED, (run, at) -> {
            Observation.ReceivedDispatch old = run.stream.get(at);
            ObjectNode body = ((ObjectNode) old.body()).deepCopy().put("tts", true);
            run.stream.set(at, new Observation.ReceivedDispatch(old.atNanos(), 1, old.type(), 0, body));
        });
    }

    @Test
    void oneUnentitledDispatchIsDetected() {
        assertDetected(Kind.FOREIGN, (run, at) -> {
            var model = new VisibilityModel(world, run.publications);
            PublishedEvent hidden = run.publications.stream()
                    .filter(each -> each.type().equals("MESSAGE_CREATE")
                            && model.expected(account, each).isEmpty())
                    .findFirst()
                    .orElseThrow();
            Observation.ReceivedDispatch beside = run.stream.get(at);
            run.stream.add(
                    at, new Observation.ReceivedDispatch(beside.atNanos(), 1, "MESSAGE_CREATE", 0, hidden.body()));
        });
    }
}
