package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.dispatched;
import static dev.guildcast.fanout.shard.RecordFixtures.channel;
import static dev.guildcast.fanout.shard.RecordFixtures.event;
import static dev.guildcast.fanout.shard.RecordFixtures.field;
import static dev.guildcast.fanout.shard.RecordFixtures.guild;
import static dev.guildcast.fanout.shard.RecordFixtures.member;
import static dev.guildcast.fanout.shard.RecordFixtures.memberUpsert;
import static dev.guildcast.fanout.shard.RecordFixtures.overwrite;
import static dev.guildcast.fanout.shard.RecordFixtures.part;
import static dev.guildcast.fanout.shard.RecordFixtures.role;
import static dev.guildcast.fanout.shard.RecordFixtures.thread;
import static dev.guildcast.fanout.shard.RecordFixtures.threadMembers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.audience.v1.MembersRequest;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import dev.guildcast.event.v1.ChannelUpsert;
import dev.guildcast.event.v1.GuildUpsert;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.RoleUpsert;
import dev.guildcast.fanout.audience.Audience;
import dev.guildcast.fanout.audience.PermissionRules;
import dev.guildcast.fanout.audience.Subscription;
import dev.guildcast.fanout.payload.GuildCreatePayload;
import dev.guildcast.fanout.view.DirtyEntities;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.RoleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Ids are unsigned numbers of 64 bits: one above 2^63 is printed as its publisher wrote it, never as a negative
/// number.
class UnsignedIdsTest {
    private static final String ID = "13835058055282163712";
    private static final long BIG = Long.parseUnsignedLong(ID);
    private static final long GUILD = Long.parseUnsignedLong("13835058055282163713");

    private final GuildShardHarness shard = new GuildShardHarness();

    static List<Arguments> rejected() {
        return List.of(
                Arguments.of(
                        "unknown role",
                        Mutation.newBuilder()
                                .setRole(RoleUpsert.newBuilder().setId(BIG).setPartial(true))
                                .build()),
                Arguments.of(
                        "unknown channel",
                        Mutation.newBuilder()
                                .setChannel(
                                        ChannelUpsert.newBuilder().setId(BIG).setPartial(true))
                                .build()),
                Arguments.of(
                        "unknown member",
                        Mutation.newBuilder()
                                .setMember(memberUpsert(BIG).setPartial(true))
                                .build()),
                Arguments.of("unknown channel", threadMembers(BIG, List.of(1L), List.of())));
    }

    @ParameterizedTest
    @MethodSource("rejected")
    void aDeadLetterNamesTheUnknownEntity(String reason, Mutation mutation) {
        shard.record(part(GUILD, "v", guild(1, "G")));
        shard.event(event(GUILD, "T", mutation));
        assertThat(shard.deadLetters).containsExactly(reason + " " + ID);
    }

    @Test
    void aDeadLetterNamesTheGuildThatIsTooLarge() {
        var text = "'" + "x".repeat(1 << 20) + "'";
        shard.record(part(GUILD, "v", guild(BIG, "G"), role(GUILD, Permissions.VIEW_CHANNEL), member(BIG)));
        for (int i = 1; i <= 4; i++) {
            shard.event(event(
                    GUILD,
                    "CHANNEL_CREATE",
                    Mutation.newBuilder()
                            .setChannel(ChannelUpsert.newBuilder()
                                    .setId(i)
                                    .setHasOverwrites(true)
                                    .addFields(field("topic", text)))
                            .build()));
        }
        shard.subscribe(GUILD, BIG, 7, Intents.KNOWN);
        assertThat(shard.deadLetters).hasSize(1);
        assertThat(shard.deadLetters.getFirst()).startsWith("guild " + Long.toUnsignedString(GUILD) + " takes ");
    }

    @Test
    void anExplanationNamesRolesAndParents() {
        shard.record(part(
                GUILD,
                "v",
                guild(1, "G"),
                role(GUILD, Permissions.VIEW_CHANNEL),
                role(BIG, Permissions.VIEW_CHANNEL),
                channel(BIG, 0),
                thread(5, 11, BIG, 2),
                member(2, BIG)));
        var view = shard.machine.view(GUILD).orElseThrow();
        var steps = new ArrayList<String>();
        PermissionRules.of(
                view,
                Objects.requireNonNull(view.member(2)),
                view.channel(5),
                0,
                (rule, permissions) -> steps.add(rule));
        assertThat(steps).containsExactly("thread: as in its parent " + ID, "@everyone", "role " + ID);
    }

    @Test
    void entitiesPrintTheirIds() {
        shard.record(part(GUILD, "v", guild(1, "G"), channel(BIG, 0)));
        var view = shard.machine.view(GUILD).orElseThrow();
        assertThat(view.channel(BIG)).hasToString("channel " + ID);
        assertThat(RoleSet.of(List.of(BIG, 7L)).toString()).contains(ID, "7").doesNotContain("-");
    }

    @Test
    void bugsNameTheMember() {
        var view = new GuildView(GUILD, new DirtyEntities());
        var audience = new Audience(view, new DirtyEntities());
        var session = new Subscription(0, 1, BIG, 0, 0, false);
        assertThatThrownBy(() -> audience.subscribe(session)).hasMessage("no member " + ID);
        assertThatThrownBy(() -> new GuildCreatePayload(view, audience, shard.presences).forSession(session, false))
                .hasMessage("no member " + ID);
    }

    @Test
    void aReferenceToAHiddenChannelIsRecognised() {
        var guild = Mutation.newBuilder()
                .setGuild(GuildUpsert.newBuilder().setOwnerId(1).addFields(field("system_channel_id", "'" + ID + "'")))
                .build();
        var hidden = channel(BIG, 0, overwrite(GUILD, true, 0, Permissions.VIEW_CHANNEL));
        shard.record(part(GUILD, "v", guild, role(GUILD, Permissions.VIEW_CHANNEL), hidden, member(2)));
        var shown =
                dispatched(shard.subscribe(GUILD, 2, 7, Intents.KNOWN), 2, 7).getFirst();
        assertThat(GuildShardHarness.parse(shown).get("system_channel_id").isNull())
                .isTrue();
    }

    @Test
    void aMemberIsFoundByItsId() {
        shard.record(part(GUILD, "v", guild(1, "G"), role(GUILD, 0), member(BIG)));
        shard.subscribe(GUILD, BIG, 7, Intents.KNOWN);
        var chunk = dispatched(
                        shard.members(
                                BIG,
                                MembersRequest.newBuilder()
                                        .setGuildId(GUILD)
                                        .setSessionOffset(7)
                                        .addUserIds(ID)
                                        .addUserIds("18446744073709551616")),
                        BIG,
                        7)
                .getFirst();
        assertThat(GuildShardHarness.parse(chunk).get("members")).hasSize(1);
        assertThat(GuildShardHarness.parse(chunk).get("not_found").get(0).asString())
                .isEqualTo("18446744073709551616");
    }
}
