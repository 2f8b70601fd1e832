package dev.guildcast.witness.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.witness.Story;
import org.junit.jupiter.api.Test;

class GuildStateTest {
    private final GuildState guild = Story.world().states().getFirst();

    @Test
    void aHiddenChannelIsSeenByThoseWhoHoldItsRole() {
        assertThat(guild.views("1", "21")).isTrue();
        assertThat(guild.views("2", "21")).isFalse();
        assertThat(guild.views("2", "20")).isTrue();
    }

    @Test
    void theOwnerSeesEverything() {
        assertThat(guild.views("5", "21")).isTrue();
    }

    @Test
    void anAdministratorSeesWhatOverwritesDeny() {
        GuildState changed =
                guild.after("GUILD_ROLE_UPDATE", Story.json("{'guild_id':'10','role':{'id':'10','permissions':'8'}}"));
        assertThat(changed.views("2", "21")).isTrue();
    }

    @Test
    void amongRolesOneGrantOutweighsADenial() {
        GuildState changed = guild.after("GUILD_ROLE_CREATE", Story.json("{'role':{'id':'12','permissions':'0'}}"))
                .after("GUILD_MEMBER_UPDATE", Story.json("{'user':{'id':'1'},'roles':['11','12']}"))
                .after(
                        "CHANNEL_UPDATE",
                        Story.json("{'id':'21','type':0,'permission_overwrites':["
                                + "{'id':'12','type':0,'allow':'0','deny':'1024'},"
                                + "{'id':'11','type':0,'allow':'1024','deny':'0'}]}"));
        assertThat(changed.views("1", "21")).isTrue();
    }

    @Test
    void aMembersOwnOverwriteComesLast() {
        GuildState changed = guild.after(
                "CHANNEL_UPDATE",
                Story.json("{'id':'21','type':0,'permission_overwrites':["
                        + "{'id':'1','type':1,'allow':'0','deny':'1024'},"
                        + "{'id':'11','type':0,'allow':'1024','deny':'0'},"
                        + "{'id':'2','type':1,'allow':'1024','deny':'0'}]}"));
        assertThat(changed.views("1", "21")).isFalse();
        assertThat(changed.views("2", "21")).isTrue();
    }

    @Test
    void aThreadIsAsItsParent() {
        GuildState changed = guild.after(
                "CHANNEL_CREATE", Story.json("{'id':'30','type':11,'parent_id':'21','permission_overwrites':[]}"));
        assertThat(changed.views("1", "30")).isTrue();
        assertThat(changed.views("2", "30")).isFalse();
    }

    @Test
    void whoeverHasLeftSeesNothing() {
        GuildState changed = guild.after("GUILD_MEMBER_REMOVE", Story.json("{'user':{'id':'1'}}"));
        assertThat(changed.views("1", "20")).isFalse();
        assertThat(guild.views("1", "20")).isTrue();
    }

    @Test
    void aDeletedRoleAndADeletedChannelAreGone() {
        assertThat(guild.after("GUILD_ROLE_DELETE", Story.json("{'role_id':'11'}"))
                        .views("1", "21"))
                .isFalse();
        assertThat(guild.after("CHANNEL_DELETE", Story.json("{'id':'20'}")).views("1", "20"))
                .isFalse();
    }

    @Test
    void aMessageChangesNothing() {
        assertThat(guild.after("MESSAGE_CREATE", Story.json("{'id':'1'}"))).isSameAs(guild);
    }

    @Test
    void aGuildInOutageIsNotOfTheWorld() {
        assertThat(Story.world().guilds()).hasSize(1);
        assertThat(Story.world().logins()).extracting(World.Login::userId).containsExactly("1", "2");
    }
}
