/// Renders the Helm chart as a platform team would, and verifies its output and what it rejects.
package dev.guildcast.system.chart;
