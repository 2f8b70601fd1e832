package dev.guildcast.system.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.audience.v1.ExplainRequest;
import dev.guildcast.audience.v1.ExplainResponse;
import dev.guildcast.audience.v1.ExplainStep;
import dev.guildcast.audience.v1.GuildQueryGrpc;
import dev.guildcast.suite.plan.SuitePlan;
import dev.guildcast.suite.status.SuiteStatus;
import dev.guildcast.witness.Observation;
import dev.guildcast.witness.model.InitialWorld;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Published events reach those who may see them, which `explain` explains; invalid events are rejected by their
/// index.
@ExtendWith(SharedSuiteExtension.class)
class PublishIT {
    private static final int HARBOUR = 1;
    private static final long VIEW_CHANNEL = 1 << 10;
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration OWNER_TIMEOUT = Duration.ofSeconds(90);

    @Test
    void deliversAMessageToThoseWhoSeeItsChannelAndExplainsWhyNotToOthers(ProcessSuite suite)
            throws InterruptedException {
        var worlds = suite.worlds();
        var ben = worlds.login("ben");
        var eve = worlds.login("eve");
        try (var clients = new TestClients(suite)) {
            var moderator = clients.raw(ben, true);
            var other = clients.jda(eve, true);
            clients.logIn(HARBOUR);
            var result = suite.publish(List.of(
                    EventLines.message(worlds.harbourId(), worlds.channel("moderators"), "for moderators"),
                    EventLines.message(worlds.harbourId(), worlds.channel("general"), "for all")));
            assertThat(result.accepted()).isEqualTo(2);
            TestClients.awaitMessage(moderator, "for all");
            TestClients.awaitMessage(other, "for all");
            assertThat(moderator.recording().observations()).anyMatch(TestClients.message("for moderators"));
            // One guild has one log: an event published earlier was received earlier, or never will be.
            assertThat(other.recording().observations()).noneMatch(TestClients.message("for moderators"));

            var may = explain(suite, ben, "moderators");
            assertThat(may.getMember()).isTrue();
            assertThat(may.getSees()).isTrue();
            assertThat(may.getSessionsList()).hasSize(1);
            assertThat(may.getStepsList().getLast().getRule()).isEqualTo("overwrites of roles");
            var mayNot = explain(suite, eve, "moderators");
            assertThat(mayNot.getMember()).isTrue();
            assertThat(mayNot.getSees()).isFalse();
            assertThat(mayNot.getSessionsList()).hasSize(1);
            assertThat(mayNot.getStepsList())
                    .extracting(ExplainStep::getRule)
                    .containsExactly("@everyone", "overwrite of @everyone", "no VIEW_CHANNEL: nothing");
            assertThat(mayNot.getSteps(0).getPermissions() & VIEW_CHANNEL).isNotZero();
            assertThat(mayNot.getSteps(1).getPermissions() & VIEW_CHANNEL).isZero();
            assertThat(explain(suite, eve, "general").getSees()).isTrue();
        }
    }

    @Test
    void aPublisherWithoutItsTokenIsUnauthorized(ProcessSuite suite) throws Exception {
        var line = EventLines.message(suite.worlds().harbourId(), suite.worlds().channel("general"), "never");
        assertThat(post(suite, Optional.empty(), line).statusCode()).isEqualTo(401);
        assertThat(post(suite, Optional.of("made-up"), line).statusCode()).isEqualTo(401);
        var clientToken = suite.worlds().login("ben").token();
        assertThat(post(suite, Optional.of(clientToken), line).statusCode()).isEqualTo(401);
    }

    @Test
    void anInvalidEventIsRejectedByItsIndexAndTheOthersArriveInOrder(ProcessSuite suite) throws InterruptedException {
        var worlds = suite.worlds();
        try (var clients = new TestClients(suite)) {
            var ben = clients.raw(worlds.login("ben"), false);
            clients.logIn(HARBOUR);
            var channel = worlds.channel("general");
            var result = suite.publish(List.of(
                    EventLines.message(worlds.harbourId(), channel, "in order 1"),
                    "{\"t\":\"MESSAGE_CREATE\",\"d\":",
                    EventLines.message(worlds.harbourId(), channel, "in order 2"),
                    EventLines.message("no snowflake", channel, "no guild"),
                    "{\"t\":7,\"d\":{}}",
                    EventLines.message(worlds.harbourId(), channel, "in order 3")));
            assertThat(result.accepted()).isEqualTo(3);
            assertThat(result.rejected()).extracting(each -> each.index()).containsExactly(1, 3, 4);
            assertThat(result.rejected()).extracting(each -> each.field()).containsExactly("d", "d.guild_id", "t");
            assertThat(result.rejected()).noneMatch(each -> each.reason().isBlank());
            TestClients.awaitMessage(ben, "in order 3");
            assertThat(ben.recording().dispatches())
                    .filteredOn(dispatch -> dispatch.type().equals("MESSAGE_CREATE"))
                    .extracting(PublishIT::content)
                    .filteredOn(content -> content.startsWith("in order") || content.equals("no guild"))
                    .containsExactly("in order 1", "in order 2", "in order 3");
        }
    }

    private static String content(Observation.ReceivedDispatch dispatch) {
        return dispatch.body().path("content").asString("");
    }

    private static HttpResponse<String> post(ProcessSuite suite, Optional<String> token, String line)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(suite.status().ingress()))
                .timeout(RESPONSE_TIMEOUT)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(line));
        token.ifPresent(each -> request.header("Authorization", "Bearer " + each));
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), BodyHandlers.ofString());
        }
    }

    /// Queries the fanout-service that owns the guild's shard, which may be moving.
    private static ExplainResponse explain(ProcessSuite suite, InitialWorld.Login user, String channel) {
        var request = ExplainRequest.newBuilder()
                .setGuildId(Long.parseLong(suite.worlds().harbourId()))
                .setUserId(Long.parseLong(user.userId()))
                .setChannelId(Long.parseLong(suite.worlds().channel(channel)))
                .build();
        return await("an owner responds")
                .atMost(OWNER_TIMEOUT)
                .until(
                        () -> suite.instances(SuitePlan.FANOUT).stream()
                                .map(instance -> tryExplain(instance, request))
                                .flatMap(Optional::stream)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<ExplainResponse> tryExplain(SuiteStatus.Instance fanout, ExplainRequest request) {
        var channel = NettyChannelBuilder.forAddress("127.0.0.1", fanout.ports().get("grpc"))
                .usePlaintext()
                .build();
        try {
            return Optional.of(GuildQueryGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(RESPONSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .explain(request));
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).as("%s", e.getMessage()).isEqualTo(Status.Code.UNAVAILABLE);
            return Optional.empty();
        } finally {
            channel.shutdownNow();
        }
    }
}
