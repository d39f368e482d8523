/** The parts of ECharts that we draw with. Loaded only where there is a chart. */
import { BarChart, BoxplotChart, LineChart, MapChart, PieChart } from 'echarts/charts'
import { GeoComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from 'echarts/components'
import { init, registerMap, use } from 'echarts/core'
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers'

use([
  BarChart,
  BoxplotChart,
  LineChart,
  MapChart,
  PieChart,
  GeoComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
  SVGRenderer,
])

export { init, registerMap }
