import { buttonStyle } from '../ui/button';

/** The button of a row's menu, before and after what is in the menu has been loaded. */
export const menuButtonStyle = buttonStyle({ variant: 'ghost', size: 'sm', className: 'w-7 px-0' });
