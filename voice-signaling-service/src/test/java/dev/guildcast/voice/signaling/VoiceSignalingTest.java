package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.contract.SessionId;
import dev.guildcast.voice.ManualClock;
import dev.guildcast.voice.VoiceProperties;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.admission.GuildVoice;
import dev.guildcast.voice.allocation.VoiceToken;
import dev.guildcast.voice.channel.FaultyVoiceStore;
import dev.guildcast.voice.event.VoicePublisher;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.ServerReport;
import dev.guildcast.voice.v1.UpdateStateRequest;
import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import dev.guildcast.voice.v1.VoiceSessionRef;
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
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

class VoiceSignalingTest {
    private static final long G1 = 197038439483310086L;
    private static final long A = 100000000000000001L;
    private static final long B = 100000000000000002L;
    private static final long CHANNEL = 300000000000000002L;
    private static final long OTHER = 300000000000000003L;
    private static final String SID = new SessionId(2, 4711, 99).text();
    private static final String SID2 = new SessionId(2, 4800, 98).text();
    private static final String SID_B = new SessionId(1, 5, 97).text();
    private static final String KEY = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);

    private final ManualClock clock = new ManualClock();
    private final FaultyVoiceStore redis = new FaultyVoiceStore(clock);
    private final FakeGuilds guilds = new FakeGuilds();
    private final List<String> told = new ArrayList<>();
    private final Map<String, String> tokens = new HashMap<>();
    private final Map<String, List<ServerOrder>> orders = new HashMap<>();
    private boolean logRefuses;
    private Mono<Void> beforeAppend = Mono.empty();
    private VoiceWiring.VoiceSignal voice = start();

    @BeforeEach
    void registerAServer() {
        hello("media-1", "local");
        report("media-1", 0.1);
    }

    @Test
    void tellsTheStateThenTheServerToTheSessionAlone() {
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(told).containsExactly("state A CHANNEL", "server A media-1:443");
        assertThat(lastOrder("media-1").getExpect().getToken()).isEqualTo(tokens.get(SID));
        var binding = new VoiceToken.Binding(A, SID, G1, CHANNEL, "media-1");
        assertThat(VoiceToken.opens(KEY, tokens.get(SID), binding, clock.instant()))
                .isTrue();
    }

    @Test
    void appendsTheServerOnlyAfterTheStateWasAcknowledged() {
        var acknowledged = Sinks.<Void>one();
        beforeAppend = acknowledged.asMono();
        var verdicts = new ArrayList<Verdict>();
        voice.signaling().update(request(A, SID, CHANNEL)).subscribe(verdicts::add);
        voice.signaling().update(request(B, SID_B, CHANNEL)).subscribe(verdicts::add);
        assertThat(told).isEmpty();
        beforeAppend = Mono.empty();
        acknowledged.tryEmitEmpty();
        assertThat(told)
                .containsExactly("state A CHANNEL", "server A media-1:443", "state B CHANNEL", "server B media-1:443");
        assertThat(verdicts).containsExactly(Verdict.DONE, Verdict.DONE);
    }

    @Test
    void saysNothingToWhoMayNotJoin() {
        guilds.verdict = GuildVoice.Verdict.NO_PERMISSION;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.NOT_ALLOWED);
        guilds.verdict = GuildVoice.Verdict.NOT_A_MEMBER;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.NOT_ALLOWED);
        guilds.verdict = GuildVoice.Verdict.NO_SUCH_CHANNEL;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.NO_SUCH_CHANNEL);
        guilds.verdict = GuildVoice.Verdict.FULL;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.FULL);
        assertThat(told).isEmpty();
    }

    @Test
    void saysNothingWhenTheGuildsOwnerCannotBeAsked() {
        guilds.away = true;
        assertThatThrownBy(() -> join(A, SID, CHANNEL)).hasMessageContaining("away");
        assertThat(told).isEmpty();
    }

    @Test
    void tellsOnlyTheStateOfAMuteWhileTheVoiceSocketLives() {
        join(A, SID, CHANNEL);
        report("media-1", 0.1, ref(A, SID));
        told.clear();
        assertThat(mute(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(told).containsExactly("state A CHANNEL muted", "state A CHANNEL");
    }

    @Test
    void sendsANewTokenWithAMuteWhenNoVoiceSocketLives() {
        join(A, SID, CHANNEL);
        String first = tokens.get(SID);
        told.clear();
        mute(A, SID, CHANNEL);
        assertThat(told).containsExactly("state A CHANNEL muted", "server A media-1:443");
        assertThat(tokens.get(SID)).isNotEqualTo(first);
        report("media-1", 0.1, ref(A, SID));
        report("media-1", 0.1);
        told.clear();
        mute(A, SID, CHANNEL);
        assertThat(told).hasSize(2);
    }

    @Test
    void sendsANewTokenForEveryChangeOfChannel() {
        join(A, SID, CHANNEL);
        report("media-1", 0.1, ref(A, SID));
        String first = tokens.get(SID);
        told.clear();
        join(A, SID, OTHER);
        assertThat(told).containsExactly("state A OTHER", "server A media-1:443");
        assertThat(tokens.get(SID)).isNotEqualTo(first);
        assertThat(orders.get("media-1")).extracting(ServerOrder::hasDrop).containsExactly(false, true, false);
    }

    @Test
    void leavesWithAStateWithoutChannelAndADrop() {
        join(A, SID, CHANNEL);
        told.clear();
        assertThat(leave(A, SID)).isEqualTo(Verdict.DONE);
        assertThat(told).containsExactly("state A left");
        assertThat(lastOrder("media-1").getDrop().getSessionId()).isEqualTo(SID);
        assertThat(leave(A, SID)).isEqualTo(Verdict.NOT_IN_VOICE);
        assertThat(told).hasSize(1);
    }

    @Test
    void letsASecondSessionTakeOverAndTheFirstLoseItsSay() {
        join(A, SID, CHANNEL);
        report("media-1", 0.1, ref(A, SID));
        told.clear();
        join(A, SID2, CHANNEL);
        assertThat(told).containsExactly("state A2 CHANNEL", "server A2 media-1:443");
        assertThat(orders.get("media-1").get(1).getDrop().getSessionId()).isEqualTo(SID);
        told.clear();
        assertThat(leave(A, SID)).isEqualTo(Verdict.NOT_IN_VOICE);
        voice.signaling().closed(A, SID).block();
        assertThat(told).isEmpty();
        voice.signaling().closed(A, SID2).block();
        assertThat(told).containsExactly("state A2 left");
    }

    @Test
    void leavesVoiceWithTheSession() {
        join(A, SID, CHANNEL);
        told.clear();
        voice.signaling().closed(B, SID_B).block();
        assertThat(told).isEmpty();
        voice.signaling().closed(A, SID).block();
        voice.signaling().closed(A, SID).block();
        assertThat(told).containsExactly("state A left");
    }

    @Test
    void leavesVoiceWithASessionThatEndedWhileNobodyWasUp() {
        join(A, SID, CHANNEL);
        voice = start();
        told.clear();
        voice.signaling().closed(A, SID).block();
        assertThat(told).containsExactly("state A left");
    }

    @Test
    void triesAnEndedSessionAgainWhenTheLogRefused() {
        join(A, SID, CHANNEL);
        logRefuses = true;
        assertThatThrownBy(() -> voice.signaling().closed(A, SID).block()).hasMessageContaining("no broker");
        logRefuses = false;
        told.clear();
        voice.signaling().closed(A, SID).block();
        assertThat(told).containsExactly("state A left");
    }

    @Test
    void believesTheGuildsViewWhenAModeratorDisconnectedTheUser() {
        join(A, SID, CHANNEL);
        report("media-1", 0.1, ref(A, SID));
        told.clear();
        // The view lags behind our own word at first: it does not count.
        mute(A, SID, CHANNEL);
        assertThat(told).hasSize(1);
        clock.advance(Duration.ofSeconds(5));
        told.clear();
        join(A, SID, CHANNEL);
        assertThat(told).containsExactly("state A CHANNEL", "server A media-1:443");
    }

    @Test
    void movesTheGuildsOfADeadServerWithAnEndpointGoneAndThenTheNext() {
        hello("media-2", "local");
        report("media-2", 0.9);
        join(A, SID, CHANNEL);
        join(B, SID_B, CHANNEL);
        String first = tokens.get(SID);
        told.clear();
        live(Duration.ofSeconds(6), "media-2");
        assertThat(told)
                .containsExactly("server A gone", "server B gone", "server A media-2:443", "server B media-2:443");
        assertThat(tokens.get(SID)).isNotEqualTo(first);
        assertThat(orders.get("media-2")).hasSize(2).allMatch(ServerOrder::hasExpect);
    }

    @Test
    void tellsTheNextServerWhenThereIsOneAgain() {
        join(A, SID, CHANNEL);
        told.clear();
        live(Duration.ofSeconds(6));
        assertThat(told).containsExactly("server A gone");
        live(Duration.ofSeconds(6));
        assertThat(told).hasSize(1);
        hello("media-3", "elsewhere");
        report("media-3", 0.5);
        live(Duration.ofSeconds(2), "media-3");
        assertThat(told).containsExactly("server A gone", "server A media-3:443");
    }

    @Test
    void movesTheGuildsOfADrainingServerWithTheNextAlone() {
        hello("media-2", "local");
        report("media-2", 0.9);
        join(A, SID, CHANNEL);
        told.clear();
        drain("media-1");
        assertThat(told).containsExactly("server A media-2:443");
        drain("media-1");
        assertThat(told).hasSize(1);
        assertThat(join(B, SID_B, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(told).endsWith("server B media-2:443");
    }

    @Test
    void staysWhereItIsWhileItsServerReportsWhateverItsStreamDoes() {
        join(A, SID, CHANNEL);
        told.clear();
        live(Duration.ofSeconds(4));
        hello("media-1", "local");
        live(Duration.ofSeconds(5), "media-1");
        assertThat(told).isEmpty();
    }

    @Test
    void keepsAGuildTogetherAndSpreadsGuildsByLoad() {
        hello("media-2", "local");
        report("media-2", 0.105);
        join(A, SID, CHANNEL);
        join(B, SID_B, CHANNEL);
        assertThat(told).contains("server A media-1:443", "server B media-1:443");
        told.clear();
        voice.signaling()
                .update(request(A, SID, CHANNEL).toBuilder()
                        .setGuildId(77L << 22)
                        .build())
                .block();
        assertThat(told).endsWith("server A media-2:443");
    }

    @Test
    void prefersTheChannelsRegionOverTheUsers() {
        hello("media-eu", "eu");
        report("media-eu", 0.9);
        hello("media-us", "us");
        report("media-us", 0.9);
        voice.signaling()
                .update(request(A, SID, CHANNEL).toBuilder()
                        .setPreferredRegion("us")
                        .build())
                .block();
        assertThat(told).endsWith("server A media-us:443");
        leave(A, SID);
        guilds.region = "eu";
        voice.signaling()
                .update(request(A, SID, CHANNEL).toBuilder()
                        .setPreferredRegion("us")
                        .build())
                .block();
        assertThat(told).endsWith("server A media-eu:443");
    }

    @Test
    void refusesToJoinWithoutAServer() {
        live(Duration.ofSeconds(7));
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.NO_SERVER);
        assertThat(told).isEmpty();
    }

    @Test
    void goesOnWhileTheStoreIsAway() {
        redis.mood = FaultyVoiceStore.Mood.FAILS;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(mute(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        voice.signaling().closed(A, SID).block();
        assertThat(told).endsWith("state A left muted");
    }

    @Test
    void goesOnWhileTheStoreHangs() {
        redis.mood = FaultyVoiceStore.Mood.HANGS;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(told).containsExactly("state A CHANNEL", "server A media-1:443");
    }

    @Test
    void givesAWipedStoreBackWhatItLost() {
        join(A, SID, CHANNEL);
        redis.wipe();
        join(B, SID_B, CHANNEL);
        assertThat(redis.load(G1).block().states()).extracting(VoiceState::user).containsExactly(A, B);
        assertThat(redis.load(G1).block().assignment().server()).isEqualTo("media-1");
    }

    @Test
    void learnsFromReportsAndViewsAfterARestartWithAWipedStore() {
        join(A, SID, CHANNEL);
        guilds.views.put(A, new View(CHANNEL, SID));
        redis.wipe();
        voice = start();
        hello("media-1", "local");
        hello("media-2", "local");
        report("media-2", 0.9);
        report("media-1", 0.1, ref(A, SID), ref(B, SID_B));
        told.clear();
        assertThat(redis.load(G1).block().assignment().server()).isEqualTo("media-1");
        live(Duration.ofSeconds(6), "media-2");
        assertThat(told).containsExactly("server A gone", "server A media-2:443");
        told.clear();
        voice.signaling().closed(A, SID).block();
        assertThat(told).containsExactly("state A left");
    }

    @Test
    void twoInstancesAgreeOnTheServerOfAGuild() {
        var other = start();
        orders.clear();
        other.servers().offerHello(server("media-9", "local"), order -> {}).block();
        other.servers()
                .offerReport(
                        server("media-9", "local"),
                        order -> {},
                        ServerReport.newBuilder().setLoad(0.5).build())
                .block();
        join(A, SID, CHANNEL);
        other.signaling().update(request(B, SID_B, CHANNEL)).block();
        assertThat(told).endsWith("server B media-1:443");
        assertThat(leave(B, SID_B)).isEqualTo(Verdict.DONE);
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
                guilds,
                redis,
                new RecordingPublisher(),
                new VoiceMetrics(new SimpleMeterRegistry()));
    }

    private Verdict join(long user, String session, long channel) {
        return update(request(user, session, channel));
    }

    private Verdict mute(long user, String session, long channel) {
        return update(
                request(user, session, channel).toBuilder().setSelfMute(true).build());
    }

    private Verdict leave(long user, String session) {
        return update(request(user, session, 0));
    }

    private Verdict update(UpdateStateRequest request) {
        return voice.signaling().update(request).blockOptional().orElseThrow();
    }

    private static UpdateStateRequest request(long user, String session, long channel) {
        return UpdateStateRequest.newBuilder()
                .setGuildId(G1)
                .setUserId(user)
                .setSessionId(session)
                .setChannelId(channel)
                .build();
    }

    private void hello(String id, String region) {
        voice.servers()
                .offerHello(
                        server(id, region),
                        order -> orders.computeIfAbsent(id, i -> new ArrayList<>())
                                .add(order))
                .block();
    }

    private void report(String id, double load, VoiceSessionRef... sessions) {
        report(
                id,
                ServerReport.newBuilder()
                        .setLoad(load)
                        .addAllSessions(List.of(sessions))
                        .build());
    }

    private void drain(String id) {
        report(id, ServerReport.newBuilder().setLoad(0.1).setDraining(true).build());
    }

    private void report(String id, ServerReport report) {
        voice.servers()
                .offerReport(
                        server(id, regions.getOrDefault(id, "local")),
                        order -> orders.computeIfAbsent(id, i -> new ArrayList<>())
                                .add(order),
                        report)
                .block();
    }

    private final Map<String, String> regions = Map.of("media-eu", "eu", "media-us", "us", "media-3", "elsewhere");

    /// Lets time pass in which only these servers report.
    private void live(Duration time, String... reporting) {
        for (long millis = 0; millis < time.toMillis(); millis += 500) {
            clock.advance(Duration.ofMillis(500));
            for (String id : reporting) {
                report(id, 0.9);
            }
            voice.servers().onTick();
        }
    }

    private static VoiceServer server(String id, String region) {
        return new VoiceServer(id, region, id + ":443", KEY);
    }

    private static VoiceSessionRef ref(long user, String session) {
        return VoiceSessionRef.newBuilder()
                .setGuildId(G1)
                .setUserId(user)
                .setSessionId(session)
                .build();
    }

    private ServerOrder lastOrder(String id) {
        return orders.get(id).getLast();
    }

    private static String name(String session) {
        return session.equals(SID) ? "A" : session.equals(SID2) ? "A2" : "B";
    }

    private record View(long channel, String session) {}

    private static final class FakeGuilds implements GuildVoice {
        private final Map<Long, View> views = new HashMap<>();
        private Verdict verdict = Verdict.ALLOWED;
        private String region = "";
        private boolean away;

        @Override
        public Mono<Admission> admit(long guild, long channel, long user) {
            if (away) {
                return Mono.error(new IllegalStateException("the owner is away"));
            }
            View view = views.getOrDefault(user, new View(0, ""));
            String member = "{\"user\":{\"id\":\"" + user + "\"},\"joined_at\":\"2020-01-01T00:00:00Z\"}";
            return Mono.just(new Admission(
                    channel == 0 ? Verdict.NO_SUCH_CHANNEL : verdict,
                    member,
                    view.channel,
                    view.session,
                    false,
                    false,
                    region));
        }

        @Override
        public Mono<Admission> settled(long guild, long channel, long user) {
            return admit(guild, channel, user);
        }
    }

    private final class RecordingPublisher implements VoicePublisher {
        @Override
        public Mono<Void> state(VoiceState state) {
            return append("state " + name(state.sessionId())
                    + (state.channel() == 0 ? " left" : state.channel() == CHANNEL ? " CHANNEL" : " OTHER")
                    + (state.selfMute() ? " muted" : ""));
        }

        @Override
        public Mono<Void> server(long guild, SessionId session, String token, Optional<String> endpoint) {
            tokens.put(session.text(), token);
            return append("server " + name(session.text()) + " " + endpoint.orElse("gone"));
        }

        private Mono<Void> append(String event) {
            return Mono.defer(() -> logRefuses
                    ? Mono.error(new IllegalStateException("no broker"))
                    : beforeAppend.then(Mono.fromRunnable(() -> told.add(event))));
        }
    }
}
