package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.contract.SessionId;
import dev.guildcast.event.v1.ChannelGone;
import dev.guildcast.event.v1.DocumentEnd;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.MemberGone;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.VoiceStateUpsert;
import dev.guildcast.shard.testing.ManualClock;
import dev.guildcast.voice.VoiceProperties;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.admission.GuildVoice;
import dev.guildcast.voice.channel.FaultyVoiceStore;
import dev.guildcast.voice.event.VoicePublisher;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.UpdateStateRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class BackendChangesTest {
    private static final long G1 = 197038439483310086L;
    private static final long A = 100000000000000001L;
    private static final long B = 100000000000000002L;
    private static final long CHANNEL = 300000000000000002L;
    private static final long OTHER = 300000000000000003L;
    private static final String KEY = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);

    private final ManualClock clock = new ManualClock();
    private final FaultyVoiceStore redis = new FaultyVoiceStore(clock);
    private final View view = new View();
    private final List<String> told = new ArrayList<>();
    private final List<ServerOrder> orders = new ArrayList<>();
    private boolean logRefuses;
    private VoiceWiring.VoiceSignal voice = start();

    @BeforeEach
    void twoAreInVoice() {
        voice.servers()
                .offerHello(new VoiceServer("media-1", "local", "media-1:443", KEY), orders::add)
                .block();
        join(A);
        join(B);
        told.clear();
        orders.clear();
    }

    @Test
    void givesWhomAModeratorMovesANewToken() {
        view.channels.put(A, OTHER);
        changed(A, OTHER);
        assertThat(told).containsExactly("server of " + A);
        assertThat(orders).hasSize(2);
        assertThat(orders.getFirst().getDrop().getUserId()).isEqualTo(A);
        assertThat(orders.getLast().getExpect().getChannelId()).isEqualTo(OTHER);
        told.clear();
        changed(A, OTHER);
        assertThat(told).as("the same again").isEmpty();
    }

    @Test
    void takesWhomAModeratorDisconnectsOffTheServerAndTellsNobodyAgain() {
        view.channels.put(A, 0L);
        changed(A, 0);
        assertThat(told).isEmpty();
        assertThat(orders).hasSize(1).allMatch(ServerOrder::hasDrop);
        voice.signaling().closed(A, session(A)).block();
        assertThat(told).as("a session that ends later").isEmpty();
    }

    @Test
    void goesByTheGuildsViewAndNotByTheRecord() {
        // The shard refused the record, or knew it, or an op 4 came after it.
        changed(A, OTHER);
        changed(A, 0);
        assertThat(told).isEmpty();
        assertThat(orders).isEmpty();
    }

    @Test
    void givesUpAStateThatAnotherSessionHolds() {
        view.session = "elsewhere";
        changed(A, CHANNEL);
        assertThat(told).isEmpty();
        assertThat(orders).hasSize(1).allMatch(ServerOrder::hasDrop);
    }

    @Test
    void keepsWhomABackendMovesWithoutNamingASession() {
        view.session = "";
        view.channels.put(A, OTHER);
        changed(A, OTHER);
        assertThat(told).containsExactly("server of " + A);
    }

    @Test
    void takesAMemberWhoIsGoneOffTheServer() {
        view.channels.put(A, 0L);
        change(Mutation.newBuilder().setMemberGone(MemberGone.newBuilder().setUserId(A)));
        assertThat(told).isEmpty();
        assertThat(orders).hasSize(1).allMatch(ServerOrder::hasDrop);
    }

    @Test
    void tellsThatThoseInAChannelThatIsGoneHaveLeft() {
        view.verdict = GuildVoice.Verdict.NO_SUCH_CHANNEL;
        change(Mutation.newBuilder().setChannelGone(ChannelGone.newBuilder().setId(OTHER)));
        assertThat(told).isEmpty();
        change(Mutation.newBuilder().setChannelGone(ChannelGone.newBuilder().setId(CHANNEL)));
        assertThat(told).containsExactly("left " + A, "left " + B);
        assertThat(orders).hasSize(2).allMatch(ServerOrder::hasDrop);
    }

    @Test
    void looksAtAllAfterAWholeDocument() {
        view.channels.put(B, 0L);
        voice.changes()
                .onRecord(GuildRecord.newBuilder()
                        .setDocumentEnd(DocumentEnd.newBuilder().setGuildId(G1))
                        .build())
                .block();
        assertThat(orders).hasSize(1);
        assertThat(orders.getFirst().getDrop().getUserId()).isEqualTo(B);
    }

    @Test
    void doesNotAskAfterItsOwnWords() {
        view.away = true;
        voice.changes()
                .onRecord(GuildRecord.newBuilder()
                        .setEvent(event(Mutation.newBuilder().setVoiceState(upsert(A, OTHER)))
                                .setPublication(Publication.newBuilder().setPublisher("voice/a-node")))
                        .build())
                .block();
        assertThat(told).isEmpty();
    }

    @Test
    void canBeDoneAgainWhereTheOwnerOrTheLogWasAway() {
        view.channels.put(A, OTHER);
        view.away = true;
        assertThatThrownBy(() -> changed(A, OTHER)).hasMessageContaining("away");
        view.away = false;
        logRefuses = true;
        assertThatThrownBy(() -> changed(A, OTHER)).hasMessageContaining("no broker");
        logRefuses = false;
        changed(A, OTHER);
        assertThat(told).containsExactly("server of " + A);
    }

    @Test
    void knowsWhoIsInVoiceFromTheStoreAfterARestart() {
        voice = start();
        view.channels.put(A, 0L);
        changed(A, 0);
        assertThat(redis.load(G1).block().states()).extracting(VoiceState::user).containsExactly(B);
    }

    private void join(long user) {
        view.channels.put(user, CHANNEL);
        voice.signaling()
                .update(UpdateStateRequest.newBuilder()
                        .setGuildId(G1)
                        .setUserId(user)
                        .setSessionId(session(user))
                        .setChannelId(CHANNEL)
                        .build())
                .block();
    }

    private void changed(long user, long channel) {
        change(Mutation.newBuilder().setVoiceState(upsert(user, channel)));
    }

    private void change(Mutation.Builder mutation) {
        voice.changes()
                .onRecord(GuildRecord.newBuilder().setEvent(event(mutation)).build())
                .block();
    }

    private static GuildEvent.Builder event(Mutation.Builder mutation) {
        return GuildEvent.newBuilder().setGuildId(G1).setMutation(mutation);
    }

    private static VoiceStateUpsert.Builder upsert(long user, long channel) {
        return VoiceStateUpsert.newBuilder().setUserId(user).setChannelId(channel);
    }

    private static String session(long user) {
        return new SessionId(2, user % 10, 99).text();
    }

    private VoiceWiring.VoiceSignal start() {
        var properties = new VoiceProperties(
                VoiceProperties.Store.MEMORY,
                Duration.ofSeconds(6),
                Duration.ofSeconds(2),
                "local",
                0.01,
                Duration.ofMinutes(5),
                Duration.ofHours(1),
                1000);
        return VoiceWiring.VoiceSignal.assemble(
                clock,
                Schedulers.immediate(),
                properties,
                view,
                redis,
                new Log(),
                new VoiceMetrics(new SimpleMeterRegistry()));
    }

    private static final class View implements GuildVoice {
        private final Map<Long, Long> channels = new HashMap<>();
        private String session = "of the user";
        private Verdict verdict = Verdict.ALLOWED;
        private boolean away;

        @Override
        public Mono<Admission> admit(long guild, long channel, long user) {
            String held = session.equals("of the user") ? session(user) : session;
            String member = "{\"user\":{\"id\":\"" + user + "\"},\"joined_at\":\"2020-01-01T00:00:00Z\"}";
            return away
                    ? Mono.error(new IllegalStateException("the owner is away"))
                    : Mono.just(new Admission(verdict, member, channels.get(user), held, false, false, ""));
        }

        @Override
        public Mono<Admission> settled(long guild, long channel, long user) {
            return admit(guild, channel, user);
        }

        private static String session(long user) {
            return BackendChangesTest.session(user);
        }
    }

    private final class Log implements VoicePublisher {
        @Override
        public Mono<Void> state(VoiceState state) {
            return append((state.channel() == 0 ? "left " : "state of ") + state.user());
        }

        @Override
        public Mono<Void> server(long guild, SessionId session, String token, Optional<String> endpoint) {
            return append("server of " + (session.text().equals(session(A)) ? A : B));
        }

        private Mono<Void> append(String event) {
            return logRefuses
                    ? Mono.error(new IllegalStateException("no broker"))
                    : Mono.fromRunnable(() -> told.add(event));
        }
    }
}
