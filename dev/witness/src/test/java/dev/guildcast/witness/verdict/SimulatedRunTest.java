package dev.guildcast.witness.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Entry;
import dev.guildcast.witness.Intent;
import dev.guildcast.witness.Publication;
import dev.guildcast.witness.Publication.Outcome;
import dev.guildcast.witness.Recording;
import dev.guildcast.witness.Story;
import dev.guildcast.witness.model.Expected;
import dev.guildcast.witness.model.GuildState;
import dev.guildcast.witness.model.VisibilityModel;
import dev.guildcast.witness.model.World;
import dev.guildcast.witness.traffic.Plan;
import dev.guildcast.witness.traffic.PlannedEvent;
import dev.guildcast.witness.verdict.Fault.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Whole plans, delivered without a fault, have to pass; one doctored dispatch among thousands has to be found.
class SimulatedRunTest {
    private static final int SEEDS = 15;
    private static final long MILLI = 1_000_000L;

    private final World world = Story.world();
    private final Account account = Story.bot(
            2,
            Intent.GUILDS,
            Intent.GUILD_MEMBERS,
            Intent.GUILD_MESSAGES,
            Intent.GUILD_MESSAGE_REACTIONS,
            Intent.DIRECT_MESSAGES);

    /// What one client gets; `late` events pass between a join and the guild's appearance.
    private final class Run {
        final Random random;
        final List<Publication> publications = new ArrayList<>();
        final List<Entry.Dispatch> stream = new ArrayList<>();
        private GuildState guild = world.states().getFirst();
        private boolean available = true;
        private int late;
        private long now = 1_000 * MILLI;

        Run(long seed) {
            random = new Random(seed);
            Plan plan = Plan.of(seed, world, List.of("1", "2"), 60, 20);
            for (PlannedEvent each : plan.inOrder()) {
                now += 50 * MILLI;
                publications.add(new Publication(
                        each.publisher(),
                        each.sequence(),
                        each.scope(),
                        each.guildId(),
                        each.type(),
                        each.body(),
                        each.users(),
                        now,
                        now + 10 * MILLI,
                        Outcome.ACCEPTED));
            }
            var model = new VisibilityModel(world, publications);
            now = 1_000 * MILLI;
            receive("READY", Story.json("{}"));
            receive("GUILD_CREATE", shown());
            publications.forEach(each -> deliver(model, each));
        }

        private void deliver(VisibilityModel model, Publication each) {
            now = each.sentNanos() + 20 * MILLI;
            boolean was = guild.hasMember("2");
            guild = guild.after(each.type(), each.body());
            boolean is = guild.hasMember("2");
            if (was && !is) {
                if (available) {
                    receive("GUILD_DELETE", Story.json("{'id':'10'}"));
                }
                available = false;
            } else if (!was && is) {
                late = random.nextInt(8);
            } else {
                boolean direct = each.guildId().isEmpty();
                for (Expected expected : model.expected(account, each)) {
                    if (direct || available) {
                        receive(expected);
                    }
                }
            }
            if (is && !available && late-- <= 0) {
                receive("GUILD_CREATE", shown());
                available = true;
            }
        }

        private void receive(Expected expected) {
            if (expected.byChannel()) {
                receive(expected.type(), Story.json("{'guild_id':'10','id':'" + expected.subject() + "'}"));
            } else {
                Expected.Body body = expected.body();
                JsonNode right = body.fullIsRight() ? body.full() : body.blanked();
                receive(expected.type(), right == null ? Story.json("{}") : right);
            }
        }

        private void receive(String type, JsonNode body) {
            stream.add(new Entry.Dispatch(now, 1, type, 0, body));
        }

        private ObjectNode shown() {
            ObjectNode body = Story.json("{'id':'10','channels':[]}");
            guild.channels().keySet().stream()
                    .filter(channel -> guild.views("2", channel))
                    .forEach(channel -> body.withArray("channels").addObject().put("id", channel));
            return body;
        }

        /// Numbers what is in the stream now, so that only its content can be wrong.
        ClientVerdict verdict() {
            var recording = new Recording();
            int sequence = 0;
            for (Entry.Dispatch each : stream) {
                recording.add(new Entry.Dispatch(each.atNanos(), 1, each.type(), ++sequence, each.body()));
            }
            return new Checker(world, publications, CheckSettings.between(0, now)).check(account, recording);
        }

        /// A message that stands in the middle of the first stay, after and before other events.
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

    private interface Doctor {
        void doctor(Run run, int at);
    }

    private void finds(Kind kind, Doctor doctor) {
        long first = new Random().nextInt(1_000_000);
        for (long seed = first; seed < first + SEEDS; seed++) {
            var run = new Run(seed);
            doctor.doctor(run, run.someMessage());
            assertThat(run.verdict().faults())
                    .as("seed " + seed)
                    .extracting(Fault::kind)
                    .containsOnly(kind);
        }
    }

    @Test
    void aFaultlessDeliveryPasses() {
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
    void oneDispatchThatIsMissingIsFound() {
        finds(Kind.LOST, (run, at) -> run.stream.remove(at));
    }

    @Test
    void oneDispatchThatCameAgainIsFound() {
        finds(Kind.REPEATED, (run, at) -> run.stream.add(at + 1, run.stream.get(at)));
    }

    @Test
    void oneDispatchWithAnotherBodyIsFound() {
        finds(Kind.ALTERED, (run, at) -> {
            Entry.Dispatch old = run.stream.get(at);
            ObjectNode body = ((ObjectNode) old.body()).deepCopy().put("tts", true);
            run.stream.set(at, new Entry.Dispatch(old.atNanos(), 1, old.type(), 0, body));
        });
    }

    @Test
    void oneDispatchThatIsNotForThisClientIsFound() {
        finds(Kind.FOREIGN, (run, at) -> {
            var model = new VisibilityModel(world, run.publications);
            Publication hidden = run.publications.stream()
                    .filter(each -> each.type().equals("MESSAGE_CREATE")
                            && model.expected(account, each).isEmpty())
                    .findFirst()
                    .orElseThrow();
            Entry.Dispatch beside = run.stream.get(at);
            run.stream.add(at, new Entry.Dispatch(beside.atNanos(), 1, "MESSAGE_CREATE", 0, hidden.body()));
        });
    }
}
