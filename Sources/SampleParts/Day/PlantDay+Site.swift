extension PlantDay {
  /// The site file of the plant, for `gemba monitor` and `gemba replay`.
  public static let site = """
    # The plant of `gemba samples day`; every key: Sources/Pipeline/Site/README.md.
    plant: Die-casting hall 2
    listen: {http: 127.0.0.1:8080}
    database: day.sqlite
    signals:
      - {name: "caster.die_temp{*}", label: Die temperature, unit: °C, low: 180, high: 210, interval: 30s}
      - {name: "caster.cooling_flow{*}", label: Cooling, unit: l/min, low: 18, high: 30, interval: 30s}
      - {name: "caster.force{*}", label: Clamping force, unit: t, low: 750, high: 850, interval: 30s}
      - {name: "caster.vibration{*}", label: Vibration, unit: mm/s, high: 6, interval: 30s}
      - {name: hall.noise, label: Noise, unit: dB, kind: environment, high: 85, place: hall 2}
      - {name: hall.temp, label: Hall, unit: °C, kind: environment, low: 16, high: 28, place: hall 2}
      - {name: hall.rack, label: Rack, unit: "%", kind: logistics, low: 15, high: 90, place: rack 4}
      - {name: "caster.zone_temp{*}", label: Zone, unit: °C, low: 150, high: 200, interval: 60s}
      - {name: stack.nox, label: NOx, unit: mg/m³, kind: environment, high: 100, place: boiler house}
      - {name: stack.so2, label: SO₂, unit: mg/m³, kind: environment, high: 35, place: boiler house}
      - {name: stack.o2, label: O₂, unit: "%", kind: environment, low: 3, high: 8, place: boiler house}
      - {name: stack.flow, label: Flue gas, unit: m³/h, kind: environment, place: boiler house}
      - {name: trimmer.power, label: Power, unit: kW, low: 20, high: 40, interval: 30s}
    machines:   # both casters feed one station, which at best gets a part every 19 s
      - {name: Caster 1, station: casting, state: "caster.state{id=c1}", running: [running], changeover: [setup],
         idealCycleTime: 19s, signals: ["caster.die_temp{id=c1}", "caster.cooling_flow{id=c1}", "caster.force{id=c1}", "caster.vibration{id=c1}", "caster.zone_temp{id=c1,*}"]}
      - {name: Caster 2, station: casting, state: "caster.state{id=c2}", running: [running],
         idealCycleTime: 19s, signals: ["caster.die_temp{id=c2}", "caster.cooling_flow{id=c2}", "caster.force{id=c2}", "caster.vibration{id=c2}", "caster.zone_temp{id=c2,*}"]}
      - {name: Trimmer, station: trimming, state: trimmer.state, running: [running], idealCycleTime: 19s, signals: [trimmer.power]}
    shifts:
      - {name: early, start: "06:00", end: "14:00"}
      - {name: late, start: "14:00", end: "22:00"}
      - {name: night, start: "22:00", end: "06:00"}
    plan: [{quantity: 1400}]
    parts:
      - {station: casting, signal: "parts.count{station=casting}", counting: event}
      - {station: trimming, signal: "parts.count{station=trimming}", counting: event, output: true}
    emissions:
      - outlet: boiler   # a gas boiler: limits hold at 3.5 % oxygen
        zone: "+00:00"
        oxygen: {signal: stack.o2, reference: 3.5}
        flow: {signal: stack.flow, unit: m3/h}
        factors: {a21002: {signal: stack.nox, limit: 100}, a21026: {signal: stack.so2, limit: 35}}
    alarms:
      - {name: die hot, signal: "caster.die_temp{*}", high: 215, deadband: 5, priority: critical}
      - {name: die above normal, signal: "caster.die_temp{*}", high: 210, deadband: 5}
      - {name: zone hot, signal: "caster.zone_temp{*}", high: 205, deadband: 5}
      - {name: cooling low, signal: "caster.cooling_flow{*}", low: 15, deadband: 2, priority: high}
      - {name: cooling lost, signal: "caster.cooling_flow{*}", low: 5, deadband: 2, priority: critical}
      - {name: vibration, signal: "caster.vibration{*}", high: 8, deadband: 1, priority: high}
      - {name: no clamping, signal: "caster.force{*}", low: 100, onDelay: 1m, priority: low}
      - {name: stopped, signal: "caster.state{*}", equals: stopped, priority: medium}
      - {name: NOx high, signal: stack.nox, high: 105, onDelay: 5m, deadband: 5, priority: high}
      - {name: loud, signal: hall.noise, high: 85, deadband: 3}
      - {name: rack low, signal: hall.rack, low: 10, deadband: 3, priority: low}

    """
}
