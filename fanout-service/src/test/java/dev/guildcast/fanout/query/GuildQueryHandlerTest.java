package dev.guildcast.fanout.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.audience.v1.ExplainRequest;
import dev.guildcast.audience.v1.ExplainStep;
import dev.guildcast.audience.v1.MembersQuery;
import dev.guildcast.audience.v1.VoiceJoinRequest;
import dev.guildcast.audience.v1.VoiceJoinResponse.Verdict;
import dev.guildcast.contract.Permissions;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.event.v1.ChannelUpsert;
import dev.guildcast.event.v1.DocumentPart;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.GuildUpsert;
import dev.guildcast.event.v1.MemberUpsert;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Overwrite;
import dev.guildcast.event.v1.RoleUpsert;
import dev.guildcast.event.v1.VoiceStateUpsert;
import dev.guildcast.fanout.presence.InMemoryPresenceCache;
import dev.guildcast.fanout.shard.FanoutMachineFactory;
import dev.guildcast.fanout.shard.GuildShard;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GuildQueryHandlerTest {
    private static final long G = 100;
    private static final long TEXT = 200;
    private static final long VOICE = 202;
    private static final long NOW = 1_000_000;

    private final GuildShard shard = FanoutMachineFactory.of(new Topology(1, 0, 1, 4), InstantSource.system())
            .guildShard(ShardId.guild(0), new InMemoryPresenceCache(10));
    private final GuildQueryHandler handler = new GuildQueryHandler(shard);

    @BeforeEach
    void publish() {
        apply(
                Mutation.newBuilder().setGuild(GuildUpsert.newBuilder().setOwnerId(1)),
                role(G, Permissions.VIEW_CHANNEL | Permissions.CONNECT),
                role(50, Permissions.MOVE_MEMBERS),
                Mutation.newBuilder()
                        .setChannel(ChannelUpsert.newBuilder()
                                .setId(TEXT)
                                .addOverwrites(Overwrite.newBuilder()
                                        .setId(G)
                                        .setRole(true)
                                        .setDeny(Permissions.VIEW_CHANNEL))
                                .addOverwrites(Overwrite.newBuilder().setId(2).setAllow(Permissions.VIEW_CHANNEL))),
                Mutation.newBuilder()
                        .setChannel(ChannelUpsert.newBuilder()
                                .setId(VOICE)
                                .setType(2)
                                .setUserLimit(1)),
                member(1),
                member(2),
                member(3),
                Mutation.newBuilder()
                        .setMember(MemberUpsert.newBuilder().setUserId(4).addRoles(50)),
                Mutation.newBuilder()
                        .setMember(MemberUpsert.newBuilder().setUserId(5).setTimedOutUntil(NOW + 1)));
    }

    @Test
    void explainsEachStepOfTheRule() {
        var seen = explain(2);
        assertThat(seen.getSees()).isTrue();
        assertThat(seen.getStepsList().stream().map(ExplainStep::getRule))
                .containsExactly("@everyone", "overwrite of @everyone", "overwrite of the member");
        var hidden = explain(3);
        assertThat(hidden.getMember()).isTrue();
        assertThat(hidden.getSees()).isFalse();
        assertThat(hidden.getStepsList().getLast().getRule()).isEqualTo("no VIEW_CHANNEL: nothing");
        assertThat(explain(1).getStepsList().getFirst().getRule()).isEqualTo("owner: everything");
        assertThat(explain(99).getMember()).isFalse();
        assertThat(handler.explain(ExplainRequest.newBuilder().setGuildId(7).build()))
                .isEmpty();
    }

    @Test
    void aVoiceChannelIsJoinedByWhoMayConnectWhileThereIsRoom() {
        assertThat(join(2, VOICE)).isEqualTo(Verdict.ALLOWED);
        assertThat(join(99, VOICE)).isEqualTo(Verdict.NOT_A_MEMBER);
        assertThat(join(2, 999)).isEqualTo(Verdict.NO_SUCH_CHANNEL);
        assertThat(join(2, TEXT)).isEqualTo(Verdict.NO_SUCH_CHANNEL);
        assertThat(join(5, VOICE)).as("timed out").isEqualTo(Verdict.NO_PERMISSION);
        apply(Mutation.newBuilder()
                .setVoiceState(VoiceStateUpsert.newBuilder()
                        .setUserId(3)
                        .setChannelId(VOICE)
                        .setSessionId("s3")));
        assertThat(join(2, VOICE)).isEqualTo(Verdict.FULL);
        assertThat(join(3, VOICE)).as("already in").isEqualTo(Verdict.ALLOWED);
        assertThat(join(4, VOICE)).as("may move members").isEqualTo(Verdict.ALLOWED);
        assertThat(join(1, VOICE)).as("owner").isEqualTo(Verdict.ALLOWED);
        var response = handler.voiceJoin(
                        VoiceJoinRequest.newBuilder().setGuildId(G).setUserId(3).build())
                .orElseThrow();
        assertThat(response.getVerdict()).isEqualTo(Verdict.ALLOWED);
        assertThat(response.getCurrentChannelId()).isEqualTo(VOICE);
        assertThat(response.getCurrentSessionId()).isEqualTo("s3");
        assertThat(response.getMember().toStringUtf8()).contains("\"joined_at\"", "\"user\"");
    }

    @Test
    void membersArePagedAfterAUser() {
        var page = handler.members(MembersQuery.newBuilder()
                        .setGuildId(G)
                        .setAfterUserId(2)
                        .setLimit(2)
                        .build())
                .orElseThrow();
        assertThat(page.getUserIdsList()).containsExactly(3L, 4L);
        assertThat(handler.stats(G).orElseThrow().getMembers()).isEqualTo(5);
    }

    private dev.guildcast.audience.v1.ExplainResponse explain(long user) {
        return handler.explain(ExplainRequest.newBuilder()
                        .setGuildId(G)
                        .setUserId(user)
                        .setChannelId(TEXT)
                        .build())
                .orElseThrow();
    }

    private Verdict join(long user, long channel) {
        return handler.voiceJoin(VoiceJoinRequest.newBuilder()
                        .setGuildId(G)
                        .setUserId(user)
                        .setChannelId(channel)
                        .build())
                .orElseThrow()
                .getVerdict();
    }

    private static Mutation.Builder role(long id, long permissions) {
        return Mutation.newBuilder().setRole(RoleUpsert.newBuilder().setId(id).setPermissions(permissions));
    }

    private static Mutation.Builder member(long user) {
        return Mutation.newBuilder().setMember(MemberUpsert.newBuilder().setUserId(user));
    }

    private void apply(Mutation.Builder... mutations) {
        var part = DocumentPart.newBuilder().setGuildId(G).setVersion("v");
        for (Mutation.Builder each : mutations) {
            part.addMutations(each);
        }
        shard.apply(
                GuildRecord.newBuilder().setDocumentPart(part).build(),
                new RecordContext(ShardId.guild(0), 0, NOW, null, 1),
                new Outputs() {
                    @Override
                    public void emit(ShardId target, Output output) {}

                    @Override
                    public void barrier() {}

                    @Override
                    public void deadLetter(String reason) {
                        throw new AssertionError(reason);
                    }
                });
    }
}
