package dev.guildcast.suite.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.guildcast.audience.v1.ExplainRequest;
import dev.guildcast.audience.v1.ExplainResponse;
import dev.guildcast.audience.v1.ExplainStep;
import dev.guildcast.audience.v1.GuildQueryGrpc;
import dev.guildcast.shard.access.GrpcIdentity;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.access.SuiteSecret;
import dev.guildcast.suite.world.World;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainTest {
    private static final GrpcIdentity IDENTITY =
            GrpcIdentity.bySecret(SuiteSecret.of("a-secret-of-this-test-only-0123456789"), PeerRole.OPERATOR);

    @TempDir
    Path folder;

    private final World world = World.read(Optional.empty());
    private final List<Server> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(Server::shutdownNow);
    }

    @Test
    void findsUserAndChannelByNameAndById() {
        var byName = ExplainQuery.find(world, "eve", "moderators", "");
        assertThat(ExplainQuery.find(
                        world,
                        Long.toUnsignedString(byName.userId()),
                        Long.toUnsignedString(byName.channelId()),
                        Long.toUnsignedString(byName.guildId())))
                .isEqualTo(byName);
        assertThat(byName.channel()).isEqualTo("moderators");
    }

    @Test
    void rejectsUnknownAndAmbiguousNames() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExplainQuery.find(world, "nobody", "moderators", ""))
                .withMessageContaining("no user 'nobody'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExplainQuery.find(world, "eve", "attic", ""))
                .withMessageContaining("no channel 'attic'")
                .withMessageContaining("moderators");
        var file = Files.writeString(folder.resolve("twice.json"), """
                {"tokens": {"t": {"user": {"id": "1", "username": "eve"}}}, "guilds": [
                 {"id": "2", "name": "a", "channels": [{"id": "3", "name": "moderators"}]},
                 {"id": "4", "name": "b", "channels": [{"id": "5", "name": "moderators"}]}]}""");
        var twice = World.read(Optional.of(file));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExplainQuery.find(twice, "eve", "moderators", ""))
                .withMessageContaining("--guild");
    }

    @Test
    void triesEachNodeUntilTheOwnerResponds() throws IOException {
        var targets = List.of(serve(Optional.empty()), serve(Optional.of(hidden())));
        var query = ExplainQuery.find(world, "eve", "moderators", "");
        var response = new GrpcExplainClient(targets, IDENTITY).explain(query);
        assertThat(GrpcExplainClient.format(query, response))
                .containsExactly(
                        "eve does not see #moderators of " + query.guild() + " (a member, 1 session here)",
                        "  @everyone                    may view      permissions 1024",
                        "  overwrite of @everyone       may not view  permissions 0");
    }

    @Test
    void failsWhenNoNodeOwnsTheGuild() throws IOException {
        var targets = List.of(serve(Optional.empty()));
        assertThatIllegalStateException()
                .isThrownBy(() -> new GrpcExplainClient(targets, IDENTITY)
                        .explain(ExplainQuery.find(world, "eve", "moderators", "")))
                .withMessageContaining("no fanout-service owns this guild's shard");
    }

    private static ExplainResponse hidden() {
        return ExplainResponse.newBuilder()
                .setMember(true)
                .addSessions("2/17")
                .addSteps(ExplainStep.newBuilder().setRule("@everyone").setPermissions(1024))
                .addSteps(ExplainStep.newBuilder().setRule("overwrite of @everyone"))
                .build();
    }

    private String serve(Optional<ExplainResponse> response) throws IOException {
        var server = NettyServerBuilder.forAddress(
                        new InetSocketAddress("127.0.0.1", 0), InsecureServerCredentials.create())
                .addService(new GuildQueryGrpc.GuildQueryImplBase() {
                    @Override
                    public void explain(ExplainRequest request, StreamObserver<ExplainResponse> to) {
                        if (response.isPresent()) {
                            to.onNext(response.get());
                            to.onCompleted();
                        } else {
                            to.onError(Status.UNAVAILABLE.asRuntimeException());
                        }
                    }
                })
                .build()
                .start();
        servers.add(server);
        return "127.0.0.1:" + server.getPort();
    }
}
