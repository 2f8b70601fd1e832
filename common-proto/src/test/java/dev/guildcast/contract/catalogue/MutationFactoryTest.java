package dev.guildcast.contract.catalogue;

import static dev.guildcast.contract.catalogue.ParsedEvents.invalid;
import static dev.guildcast.contract.catalogue.ParsedEvents.mutation;
import static dev.guildcast.contract.catalogue.ParsedEvents.parse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.event.v1.Field;
import dev.guildcast.event.v1.Overwrite;
import java.util.List;
import org.junit.jupiter.api.Test;

class MutationFactoryTest {
    private static List<String> names(List<Field> fields) {
        return fields.stream().map(Field::getName).toList();
    }

    @Test
    void aGuildUpdateHoldsTheGuildsOwnFields() {
        var guild = mutation(
                        "GUILD_UPDATE",
                        "{\"id\":\"7\",\"name\":\"g\",\"owner_id\":\"41\",\"roles\":[],\"emojis\":[],\"features\":[ ]}")
                .getGuild();
        assertThat(guild.getPartial()).isTrue();
        assertThat(guild.getOwnerId()).isEqualTo(41);
        assertThat(names(guild.getFieldsList())).containsExactly("id", "name", "owner_id", "features");
        assertThat(guild.getFields(3).getJson().toStringUtf8()).isEqualTo("[ ]");
    }

    @Test
    void aRoleHoldsItsPermissionsAndPosition() {
        var role = mutation(
                        "GUILD_ROLE_CREATE",
                        "{\"guild_id\":\"7\",\"role\":{\"id\":\"8\",\"permissions\":\"18446744073709551615\",\"position\":3}}")
                .getRole();
        assertThat(role.getId()).isEqualTo(8);
        assertThat(role.getPermissions()).isEqualTo(-1);
        assertThat(role.getPosition()).isEqualTo(3);
        assertThat(role.getPartial()).isFalse();
        var renamed = mutation("GUILD_ROLE_UPDATE", "{\"guild_id\":\"7\",\"role\":{\"id\":\"8\",\"name\":\"n\"}}")
                .getRole();
        assertThat(renamed.getPartial()).isTrue();
        assertThat(names(renamed.getFieldsList())).containsExactly("id", "name");
    }

    @Test
    void aChannelHoldsItsOverwrites() {
        var channel = mutation(
                        "CHANNEL_CREATE",
                        "{\"id\":\"8\",\"guild_id\":\"7\",\"type\":2,\"parent_id\":\"9\",\"user_limit\":5,"
                                + "\"permission_overwrites\":[{\"id\":\"7\",\"type\":0,\"allow\":\"0\",\"deny\":\"1024\"},"
                                + "{\"id\":\"41\",\"type\":\"member\",\"allow\":1024}]}")
                .getChannel();
        assertThat(channel.getType()).isEqualTo(2);
        assertThat(channel.getThread()).isFalse();
        assertThat(channel.getParentId()).isEqualTo(9);
        assertThat(channel.getUserLimit()).isEqualTo(5);
        assertThat(channel.getHasOverwrites()).isTrue();
        assertThat(channel.getOverwritesList())
                .containsExactly(
                        Overwrite.newBuilder()
                                .setId(7)
                                .setRole(true)
                                .setDeny(1024)
                                .build(),
                        Overwrite.newBuilder().setId(41).setAllow(1024).build());
        assertThat(names(channel.getFieldsList()))
                .containsExactly("id", "type", "parent_id", "user_limit", "permission_overwrites");
    }

    @Test
    void aPartialChannelStatesWhetherItHasOverwrites() {
        var renamed = mutation("CHANNEL_UPDATE", "{\"id\":\"8\",\"guild_id\":\"7\",\"name\":\"n\"}")
                .getChannel();
        assertThat(renamed.getPartial()).isTrue();
        assertThat(renamed.getHasOverwrites()).isFalse();
        var opened = mutation("CHANNEL_UPDATE", "{\"id\":\"8\",\"guild_id\":\"7\",\"permission_overwrites\":[]}")
                .getChannel();
        assertThat(opened.getHasOverwrites()).isTrue();
        assertThat(opened.getOverwritesList()).isEmpty();
        assertThat(parse(
                        "CHANNEL_UPDATE",
                        "{\"id\":\"8\",\"guild_id\":\"7\",\"permission_overwrites\":[{\"id\":\"7\",\"type\":2}]}"))
                .isEqualTo(invalid("d.permission_overwrites[0].type", "must be 0 (a role's) or 1 (a member's)"));
    }

    @Test
    void aThreadHoldsItsParentOwnerAndWhetherItIsArchived() {
        var thread = mutation(
                        "THREAD_CREATE",
                        "{\"id\":\"9\",\"guild_id\":\"7\",\"parent_id\":\"8\",\"owner_id\":\"41\",\"type\":12,"
                                + "\"newly_created\":true,\"member\":{\"user_id\":\"41\"},\"thread_metadata\":{\"archived\":true}}")
                .getChannel();
        assertThat(thread.getThread()).isTrue();
        assertThat(thread.getArchived()).isTrue();
        assertThat(thread.getOwnerId()).isEqualTo(41);
        assertThat(names(thread.getFieldsList()))
                .containsExactly("id", "parent_id", "owner_id", "type", "thread_metadata");
    }

    @Test
    void aMemberHoldsRolesNamesAndTimeOut() {
        var member = mutation(
                        "GUILD_MEMBER_ADD",
                        "{\"guild_id\":\"7\",\"user\":{\"id\":\"41\",\"username\":\"ÄNNE\",\"bot\":true},\"nick\":\"Ä\","
                                + "\"roles\":[\"8\",9],\"communication_disabled_until\":\"2026-01-02T03:04:05.678000+00:00\"}")
                .getMember();
        assertThat(member.getUserId()).isEqualTo(41);
        assertThat(member.getRolesList()).containsExactly(8L, 9L);
        assertThat(member.getBot()).isTrue();
        assertThat(member.getUsername()).isEqualTo("änne");
        assertThat(member.getNick()).isEqualTo("ä");
        assertThat(member.getTimedOutUntil()).isEqualTo(1_767_323_045_678L);
        assertThat(member.getHasRoles() && member.getHasNick() && member.getHasTimedOut())
                .isTrue();
        assertThat(names(member.getFieldsList()))
                .containsExactly("user", "nick", "roles", "communication_disabled_until");
    }

    @Test
    void aPartialMemberStatesWhichFieldsItHas() {
        var only = mutation("GUILD_MEMBER_UPDATE", "{\"guild_id\":\"7\",\"user\":{\"id\":\"41\"},\"pending\":false}")
                .getMember();
        assertThat(only.getHasRoles() || only.getHasNick() || only.getHasTimedOut())
                .isFalse();
        // A user of whom only the id is given must not replace the one that is known.
        assertThat(names(only.getFieldsList())).containsExactly("pending");
        var freed = mutation(
                        "GUILD_MEMBER_UPDATE",
                        "{\"guild_id\":\"7\",\"user\":{\"id\":\"41\"},\"nick\":null,\"communication_disabled_until\":null}")
                .getMember();
        assertThat(freed.getHasNick() && freed.getHasTimedOut()).isTrue();
        assertThat(freed.getNick()).isEmpty();
        assertThat(freed.getTimedOutUntil()).isZero();
        assertThat(parse(
                        "GUILD_MEMBER_UPDATE",
                        "{\"guild_id\":\"7\",\"user\":{\"id\":\"41\"},\"communication_disabled_until\":\"soon\"}"))
                .isEqualTo(invalid(
                        "d.communication_disabled_until", "must be a time such as 2026-01-31T12:00:00.000000+00:00"));
    }

    @Test
    void removalsNameWhatGoes() {
        assertThat(mutation("GUILD_MEMBER_REMOVE", "{\"guild_id\":\"7\",\"user\":{\"id\":\"41\"}}")
                        .getMemberGone()
                        .getUserId())
                .isEqualTo(41);
        assertThat(mutation("GUILD_ROLE_DELETE", "{\"guild_id\":\"7\",\"role_id\":\"8\"}")
                        .getRoleGone()
                        .getId())
                .isEqualTo(8);
        assertThat(mutation("THREAD_DELETE", "{\"guild_id\":\"7\",\"id\":\"9\",\"parent_id\":\"8\",\"type\":11}")
                        .getChannelGone()
                        .getId())
                .isEqualTo(9);
    }

    @Test
    void listsAreReplacedAsAWholeOrByTheirItems() {
        var emojis = mutation("GUILD_EMOJIS_UPDATE", "{\"guild_id\":\"7\",\"emojis\":[ {\"id\":\"1\"} ]}")
                .getList();
        assertThat(emojis.getName()).isEqualTo("emojis");
        assertThat(emojis.getJson().toStringUtf8()).isEqualTo("[ {\"id\":\"1\"} ]");
        var d = "{\"sound_id\":\"5\",\"guild_id\":\"7\",\"name\":\"s\"}";
        var sound = mutation("GUILD_SOUNDBOARD_SOUND_UPDATE", d).getListItem();
        assertThat(sound.getName()).isEqualTo("soundboard_sounds");
        assertThat(sound.getId()).isEqualTo(5);
        assertThat(sound.getJson().toStringUtf8()).isEqualTo(d);
        var gone = mutation("GUILD_SCHEDULED_EVENT_DELETE", "{\"id\":\"6\",\"guild_id\":\"7\",\"channel_id\":null}")
                .getListItem();
        assertThat(gone.getName()).isEqualTo("guild_scheduled_events");
        assertThat(gone.getJson().isEmpty()).isTrue();
        assertThat(parse("GUILD_EMOJIS_UPDATE", "{\"guild_id\":\"7\",\"emojis\":{}}"))
                .isEqualTo(invalid("d.emojis", "must be an array"));
    }
}
